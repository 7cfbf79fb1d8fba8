//! The environment as a value, so that what depends on it can be tested without changing the process.

#[cfg(test)]
use std::collections::BTreeMap;
use std::ffi::OsString;

/// Where environment variables are looked up.
#[derive(Debug, Clone)]
pub enum Env {
    /// The environment of this process.
    Process,
    /// These variables and no others.
    #[cfg(test)]
    Fixed(BTreeMap<String, OsString>),
}

impl Env {
    /// An environment of these variables alone.
    #[cfg(test)]
    pub fn fixed<const N: usize>(variables: [(&str, &str); N]) -> Self {
        Self::Fixed(
            variables
                .into_iter()
                .map(|(name, value)| (name.to_owned(), OsString::from(value)))
                .collect(),
        )
    }

    /// The value, or `None` when the variable is missing or empty: an empty variable is how a shell
    /// user switches one off.
    pub fn get(&self, name: &str) -> Option<OsString> {
        match self {
            Self::Process => std::env::var_os(name),
            #[cfg(test)]
            Self::Fixed(variables) => variables.get(name).cloned(),
        }
        .filter(|value| !value.is_empty())
    }

    /// The value as text; bytes that are no UTF-8 are replaced.
    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name)
            .map(|value| value.to_string_lossy().into_owned())
    }
}
