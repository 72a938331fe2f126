//! The report as JSON for people too: indented, but a table of numbers keeps a line for each row.

use std::io;

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

/// Text of a value.
pub(super) fn pretty(value: &impl Serialize) -> Result<String, serde_json::Error> {
    let mut bytes = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut bytes, Rows::default()))?;
    // JSON is UTF-8 by definition.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Indents all but what lies in an array in an array.
#[derive(Default)]
struct Rows {
    pretty: PrettyFormatter<'static>,
    /// Which of the open containers are arrays.
    arrays: Vec<bool>,
}

impl Rows {
    fn in_row(&self) -> bool {
        self.arrays.ends_with(&[true, true])
    }
}

impl Formatter for Rows {
    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.arrays.push(true);
        if self.in_row() { writer.write_all(b"[") } else { self.pretty.begin_array(writer) }
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        let in_row = self.in_row();
        self.arrays.pop();
        if in_row { writer.write_all(b"]") } else { self.pretty.end_array(writer) }
    }

    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        if self.in_row() {
            writer.write_all(if first { b"" } else { b"," })
        } else {
            self.pretty.begin_array_value(writer, first)
        }
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.in_row() { Ok(()) } else { self.pretty.end_array_value(writer) }
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.arrays.push(false);
        self.pretty.begin_object(writer)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.arrays.pop();
        self.pretty.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.pretty.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use super::pretty;

    #[test]
    fn rows_of_a_table_keep_their_lines() {
        let value = serde_json::json!({"a": [[1.5, null], [2.0, [3]]], "b": [{"c": [1]}], "d": []});
        let text = pretty(&value).unwrap();
        assert!(text.contains("[\n    [1.5,null],\n    [2.0,[3]]\n  ]"), "{text}");
        assert!(text.contains("{\n      \"c\": [\n        1\n      ]\n    }"), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
