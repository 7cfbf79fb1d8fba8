//! CSV of the lists: a header line, then one line an item, `\r\n`, quotes where needed.

/// One table.
#[derive(Debug, Default)]
pub struct Csv(String);

impl Csv {
    /// With this header.
    pub fn new(header: &[&str]) -> Self {
        let mut csv = Self::default();
        csv.line(header.iter().map(|&name| name.to_owned()));
        csv
    }

    /// Adds a line.
    pub fn line(&mut self, cells: impl IntoIterator<Item = String>) {
        for (at, cell) in cells.into_iter().enumerate() {
            if at > 0 {
                self.0.push(',');
            }
            if cell.contains(['"', ',', '\n', '\r']) {
                self.0.push('"');
                self.0.push_str(&cell.replace('"', "\"\""));
                self.0.push('"');
            } else {
                self.0.push_str(&cell);
            }
        }
        self.0.push_str("\r\n");
    }

    /// The text.
    pub fn text(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_with_separators_are_quoted() {
        let mut csv = Csv::new(&["id", "name"]);
        csv.line(["1".to_owned(), "A, \"B\"".to_owned()]);
        assert_eq!(csv.text(), "id,name\r\n1,\"A, \"\"B\"\"\"\r\n");
    }
}
