//! `gw new`: a project that already runs.

use std::fs;
use std::path::{Path, PathBuf};

use crate::args::New;
use crate::failure::{Exit, Failure, Outcome};
use crate::package;
use crate::project::shown;
use crate::terminal::{Style, Terminal};

/// The files of a new project: where each goes and what stands in it.
const FILES: [(&str, &str); 5] = [
    ("@file@.gw", include_str!("../../templates/new/gateway.gw")),
    ("gatewright.toml", include_str!("../../templates/new/gatewright.toml")),
    ("stand-ins/quote.json", include_str!("../../templates/new/quote.json")),
    ("README.md", include_str!("../../templates/new/README.md")),
    (".gitignore", include_str!("../../templates/new/gitignore")),
];

/// Makes the folder and its files.
pub(crate) fn new(arguments: &New, terminal: &Terminal) -> Outcome {
    let folder = &arguments.path;
    let names = Names::of(folder)?;
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) || folder.is_file() {
        return Err(Failure::new(format!("`{}` is there already", folder.display())).note("name a new folder"));
    }
    for (name, text) in FILES {
        package::write_if_changed(&folder.join(names.fill(name)), &names.fill(text))?;
    }
    terminal.done("Made", &format!("{} in {}", names.gateway, shown(folder)));
    terminal.say(&format!("{:>10} {}", "try", terminal.err(Style::Accent, &format!("gw run {}", quoted(folder)))));
    Ok(Exit::Fine)
}

/// What the parts of a project are called.
#[derive(Debug, PartialEq, Eq)]
struct Names {
    gateway: String,
    file: String,
}

impl Names {
    /// From the folder's last part: `my-shop` makes `MyShop` in `my-shop.gw`.
    fn of(folder: &Path) -> Outcome<Self> {
        let absolute: PathBuf = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        let file = absolute.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let words = file.split(['-', '_', ' ']).filter(|word| !word.is_empty());
        let gateway: String = words.map(capitalised).collect();
        let starts_well = gateway.starts_with(|c: char| c.is_ascii_uppercase());
        if !starts_well || !gateway.chars().all(|c| c.is_ascii_alphanumeric()) {
            return Err(Failure::wrong_use(format!("`{file}` can't name a gateway"))
                .note("letters, digits and `-` can, beginning with a letter: gw new my-shop"));
        }
        Ok(Self { gateway, file: file.replace(' ', "-") })
    }

    fn fill(&self, text: &str) -> String {
        text.replace("@Name@", &self.gateway).replace("@file@", &self.file)
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}

/// A path as it can be typed.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    if text.contains(' ') { format!("'{text}'") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_names_its_gateway() {
        let names = |folder: &str| Names::of(Path::new(folder)).map(|names| names.gateway);
        assert_eq!(names("my-shop").unwrap(), "MyShop");
        assert_eq!(names("services/search_2").unwrap(), "Search2");
        assert!(names("9lives").is_err());
        assert!(names("größe").is_err());
    }
}
