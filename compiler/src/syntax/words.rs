//! How people call what the grammar names: the words for each rule in "expected …".

use super::parse::Rule;

/// How a rule is spoken of where it was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Words {
    /// It is named.
    Named(String),
    /// It could go on so, but rarely is what is missing; named only where nothing else is.
    GoesOn(&'static str),
    /// It is never named.
    Silent,
}

/// The words for a rule.
pub(super) fn words(rule: Rule) -> Words {
    let rule_name = format!("{rule:?}");
    if let Some(word) = rule_name.strip_prefix("k_") {
        return keyword(rule, word);
    }
    if let Some(sign) = sign(rule) {
        return Words::Named(format!("`{sign}`"));
    }
    if let Some(name) = named(rule) {
        return Words::Named(name.to_owned());
    }
    match rule {
        Rule::at_most => Words::GoesOn("`at most n at once`"),
        Rule::marking => Words::GoesOn("`sensitive` or `secret`"),
        Rule::with_clause => Words::GoesOn("`with`"),
        Rule::constraint => Words::GoesOn("`(`"),
        Rule::infix
        | Rule::or_or
        | Rule::and_and
        | Rule::compare
        | Rule::plus
        | Rule::minus
        | Rule::star
        | Rule::slash
        | Rule::percent
        | Rule::access_field
        | Rule::args
        | Rule::index
        | Rule::select
        | Rule::omit
        | Rule::question => Words::GoesOn("an operator"),
        _ => Words::Silent,
    }
}

fn keyword(rule: Rule, word: &str) -> Words {
    match rule {
        Rule::k_in | Rule::k_or | Rule::k_omit => Words::GoesOn("an operator"),
        Rule::k_reveal | Rule::k_doc => Words::Silent,
        _ => Words::Named(format!("`{word}`")),
    }
}

fn sign(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::eq => "=",
        Rule::colon => ":",
        Rule::path_sep => "::",
        Rule::comma => ",",
        Rule::arrow => "->",
        Rule::fat_arrow => "=>",
        Rule::open_brace => "{",
        Rule::close_brace => "}",
        Rule::open_paren => "(",
        Rule::close_paren => ")",
        Rule::open_bracket => "[",
        Rule::close_bracket => "]",
        Rule::dot => ".",
        Rule::dots => "..",
        Rule::dots_eq => "..=",
        Rule::spread => "...",
        _ => return None,
    })
}

fn named(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::word | Rule::name | Rule::any_word => "a name",
        Rule::string | Rule::value | Rule::text_value => "a string",
        Rule::raw | Rule::pattern => "a raw string",
        Rule::int | Rule::num | Rule::bound | Rule::int_value => "a number",
        Rule::dur | Rule::dur_value => "a duration",
        Rule::size | Rule::size_value => "a size",
        Rule::unit => "`s`, `m`, `h` or `d`",
        Rule::method | Rule::head => "a method",
        Rule::item
        | Rule::group_item
        | Rule::gateway
        | Rule::type_item
        | Rule::service
        | Rule::endpoint
        | Rule::group => "an item",
        Rule::ty | Rule::list_ty | Rule::map_ty => "a type",
        Rule::fields
        | Rule::settings
        | Rule::inner_settings
        | Rule::operation_settings
        | Rule::service_body
        | Rule::endpoint_body => "`{`",
        Rule::variant => "a variant",
        Rule::tag => "a tag",
        Rule::field | Rule::omit_path => "a field",
        Rule::range => "a range",
        Rule::params => "`(`",
        Rule::param => "a parameter",
        Rule::param_place => "`header`, `query` or `cookie`",
        Rule::address => "an address",
        Rule::source | Rule::nested_source => "`env(…)`",
        Rule::operation => "an operation",
        Rule::format => "`as`",
        Rule::graphql => "`graphql`",
        Rule::setting | Rule::inner_setting | Rule::set_later => "a setting",
        Rule::access => "`public` or `auth`",
        Rule::limit_entry => "a limit",
        Rule::rate | Rule::rate_match => "a rate",
        Rule::rate_arm | Rule::arm => "an arm",
        Rule::keys | Rule::simple => "a key",
        Rule::ints | Rule::refusal => "a status",
        Rule::words | Rule::texts => "`[`",
        Rule::statement | Rule::result | Rule::let_statement | Rule::check_statement => "a statement",
        Rule::respond | Rule::redirect | Rule::reject | Rule::if_result | Rule::proxy => "a result",
        Rule::with_set => "`header` or `cookie`",
        Rule::entry | Rule::object_entry | Rule::short => "an entry",
        Rule::lit => "a literal value",
        Rule::given | Rule::when | Rule::then => "a step of a test",
        rule if is_value(rule) => "a value",
        _ => return None,
    })
}

fn is_value(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::expr
            | Rule::operand
            | Rule::primary
            | Rule::if_expr
            | Rule::lit_atom
            | Rule::arg
            | Rule::element
            | Rule::lambda
            | Rule::paren
            | Rule::object
            | Rule::array
            | Rule::subject
            | Rule::match_expr
            | Rule::match_subject
    )
}
