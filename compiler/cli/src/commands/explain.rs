//! `gw explain`: the routes of a gateway, or how one endpoint is answered.

use gatewright_compiler::explain::{self, Explanation};

use crate::args::{Explain, ExplainFormat};
use crate::failure::{Exit, Failure, Outcome};
use crate::program;
use crate::project::Project;
use crate::terminal::Terminal;

/// Prints what the compiler knows.
pub(crate) fn explain(arguments: &Explain, terminal: &Terminal) -> Outcome {
    let project = Project::find(&arguments.path)?;
    let Some((plan, program)) = program::plan(&project, terminal) else {
        return Ok(Exit::Errors);
    };
    let endpoints = explain::explain(&plan, &program.sources);
    let text = match (&arguments.endpoint, arguments.format) {
        (None, ExplainFormat::Human) => explain::text::routes(&endpoints),
        (None, ExplainFormat::Json) => json(&endpoints)?,
        (Some(name), format) => {
            let endpoint = find(&endpoints, name)?;
            match format {
                _ if arguments.mermaid => explain::mermaid::diagram(endpoint),
                ExplainFormat::Human => explain::text::endpoint(endpoint),
                ExplainFormat::Json => json(endpoint)?,
            }
        }
    };
    terminal.out(&format!("{}\n", text.trim_end()));
    Ok(Exit::Fine)
}

fn find<'a>(endpoints: &'a [Explanation], name: &str) -> Outcome<&'a Explanation> {
    endpoints.iter().find(|endpoint| endpoint.name == name).ok_or_else(|| {
        let names: Vec<&str> = endpoints.iter().map(|endpoint| endpoint.name.as_str()).collect();
        Failure::wrong_use(format!("there is no endpoint `{name}`")).note(format!("there are: {}", names.join(", ")))
    })
}

fn json(value: &(impl serde::Serialize + ?Sized)) -> Outcome<String> {
    let text = serde_json::to_string_pretty(value);
    text.map_err(|why| Failure::new(format!("can't write this as JSON: {why}")))
}
