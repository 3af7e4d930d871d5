//! The places at which configuration beside a plan writes what the plan contains.

use crate::input::terraform::instance::Instance;
use crate::source::Span;
use crate::syntax::{Kind, Member, Node};

/// Configuration from which a plan was made.
pub(in crate::input) trait WrittenPlaces {
    /// Where a resource is declared or, with a path such as `vpc_config`, `0`, `subnet_ids`, where this value of
    /// it is written.
    fn place(&self, address: &str, path: &[String]) -> Option<Span>;
}

/// The instance with the places at which it is written, as far as they are known.
pub(super) fn placed(instance: Instance, written: &dyn WrittenPlaces) -> Instance {
    let Some(span) = written.place(&instance.address, &[]) else {
        return instance;
    };
    let writing = Writing {
        address: &instance.address,
        written,
    };
    Instance {
        body: writing.value(&instance.body, span, &mut Vec::new()),
        span,
        name_span: span,
        ..instance
    }
}

struct Writing<'w> {
    address: &'w str,
    written: &'w dyn WrittenPlaces,
}

impl Writing<'_> {
    /// A value with its place; what has no place of its own has that of what it is in.
    fn value(&self, node: &Node, outer: Span, path: &mut Vec<String>) -> Node {
        let own = self.written.place(self.address, path);
        let span = own.unwrap_or(outer);
        let kind = match &node.kind {
            Kind::Array(items) => {
                let items = items.iter().enumerate();
                let items =
                    items.map(|(index, item)| self.inner(index.to_string(), item, span, path));
                Kind::Array(items.collect::<Vec<Node>>().into())
            }
            Kind::Object(members) => {
                let members = members.iter().map(|member| {
                    let value = self.inner(member.key.text.to_string(), &member.value, span, path);
                    let mut key = member.key.clone();
                    key.span = value.span;
                    Member { key, value }
                });
                Kind::Object(members.collect::<Vec<Member>>().into())
            }
            other => other.clone(),
        };
        Node::new(kind, span)
    }

    fn inner(&self, step: String, node: &Node, span: Span, path: &mut Vec<String>) -> Node {
        path.push(step);
        let value = self.value(node, span, path);
        path.pop();
        value
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::input::terraform::instance::Place;
    use crate::source::FileId;
    use crate::syntax::json;

    struct Written;

    fn at(start: u32) -> Span {
        Span::new(FileId::NOWHERE, start, start + 1)
    }

    impl WrittenPlaces for Written {
        fn place(&self, address: &str, path: &[String]) -> Option<Span> {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            match (address, path.as_slice()) {
                ("aws_lambda_function.fn", []) => Some(at(10)),
                ("aws_lambda_function.fn", ["vpc_config", "0", "subnet_ids"]) => Some(at(20)),
                _ => None,
            }
        }
    }

    #[test]
    fn a_value_has_the_place_of_what_it_is_in() {
        let text = r#"{"role": "r", "vpc_config": [{"subnet_ids": ["a"]}]}"#;
        let body = json::read(FileId::NOWHERE, text).roots.remove(0);
        let instance = |address: &str| Instance {
            address: address.to_owned(),
            type_name: "aws_lambda_function".to_owned(),
            is_data: false,
            body: body.clone(),
            place: Place::default(),
            root: Arc::from("."),
            condition: None,
            external_grant: None,
            span: body.span,
            name_span: body.span,
        };
        let known = placed(instance("aws_lambda_function.fn"), &Written);
        assert_eq!(known.span, at(10));
        assert_eq!(known.body.get("role").unwrap().span, at(10));
        let block = &known.body.get("vpc_config").unwrap().items()[0];
        assert_eq!(block.get("subnet_ids").unwrap().items()[0].span, at(20));
        assert_eq!(known.body, body);
        let other = placed(instance("aws_lambda_function.other"), &Written);
        assert_eq!(other.span, body.span);
    }
}
