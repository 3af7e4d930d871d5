//! The reader of HCL.

use std::ops::Range;
use std::sync::Arc;

use hcl_edit::expr as hcl;
use hcl_edit::parser;
use hcl_edit::structure;
use hcl_edit::template::{Directive, Element, Template};

use super::strip::{Edges, stripped};
use super::{
    Attribute, BinaryOperator, Block, Body, Expression, ExpressionKind, ForExpression, Label,
    Parsed, Part, Step, UnaryOperator,
};
use crate::source::{FileId, Span};
use crate::syntax::documents::on_characters;
use crate::syntax::{Kind, SyntaxError};

/// Reads a file of HCL.
#[must_use]
pub fn body(file: FileId, text: &str) -> Parsed<Body> {
    // An old editor's mark is no content.
    let start = text.len() - text.trim_start_matches('\u{feff}').len();
    let text = text.get(start..).unwrap_or("");
    let reader = Reader { file, start, text };
    reader.parsed(with_repeated_keys(text), |body| {
        let whole = reader.span(0..text.len());
        reader.body(body, whole)
    })
}

/// How many keys of objects of one file can be repeated.
const MOST_REPEATED: usize = 64;

/// Parses a text in which an object can have a key twice: Terraform takes the last. The parser refuses that, so that each
/// such key is made another one of the same length; the reader takes keys from the text as it is written.
fn with_repeated_keys(text: &str) -> Result<structure::Body, parser::Error> {
    let mut parsed = parser::parse_body(text);
    let mut changed = text.to_owned();
    for attempt in 0..MOST_REPEATED {
        let at = match &parsed {
            Err(error) if error.message().contains(REPEATED) => error.location().offset(),
            _ => break,
        };
        let at = at + usize::from(changed.get(at..).is_some_and(|rest| rest.starts_with('"')));
        let is_letter = |c: char| c.is_ascii_alphabetic();
        if !changed
            .get(at..)
            .is_some_and(|rest| rest.starts_with(is_letter))
        {
            break;
        }
        let letter = char::from(b'A' + u8::try_from(attempt % 26).unwrap_or(0));
        changed.replace_range(at..=at, letter.encode_utf8(&mut [0; 4]));
        parsed = parser::parse_body(&changed);
    }
    parsed
}

/// What the parser says of a key that an object has already.
const REPEATED: &str = "redefined object key";

/// Reads a text with interpolations, as `templatefile` does.
#[must_use]
pub fn template(file: FileId, text: &str) -> Parsed<Vec<Part>> {
    let reader = Reader {
        file,
        start: 0,
        text,
    };
    reader.parsed(parser::parse_template(text), |template| {
        reader.parts(template, false)
    })
}

/// What is read, and where it begins.
#[derive(Clone, Copy)]
struct Reader<'t> {
    file: FileId,
    start: usize,
    text: &'t str,
}

impl Reader<'_> {
    fn parsed<T, U>(
        self,
        parsed: Result<T, parser::Error>,
        read: impl FnOnce(&T) -> U,
    ) -> Parsed<U> {
        match parsed {
            Ok(parsed) => Parsed {
                content: Some(read(&parsed)),
                error: None,
            },
            Err(error) => Parsed {
                content: None,
                error: Some(self.mistake(&error)),
            },
        }
    }

    fn mistake(self, error: &parser::Error) -> SyntaxError {
        let at = error.location().offset();
        SyntaxError {
            span: self.span(on_characters(self.text, at..at)),
            message: format!("invalid HCL: {}", error.message().replace('\n', ", ")),
            help: None,
            opened: None,
        }
    }

    fn span(self, range: Range<usize>) -> Span {
        let offset = |at: usize| u32::try_from(at + self.start).unwrap_or(u32::MAX);
        Span::new(self.file, offset(range.start), offset(range.end))
    }

    fn of(self, written: &impl hcl_edit::Span) -> Span {
        self.span(written.span().unwrap_or_default())
    }

    fn body(self, body: &structure::Body, span: Span) -> Body {
        let attributes = body.attributes().map(|attribute| Attribute {
            name: attribute.key.as_str().into(),
            name_span: self.of(&attribute.key),
            value: self.expression(&attribute.value),
        });
        Body {
            attributes: attributes.collect(),
            blocks: body.blocks().map(|block| self.block(block)).collect(),
            span,
        }
    }

    fn block(self, block: &structure::Block) -> Block {
        let labels = block.labels.iter().map(|label| Label {
            text: label.as_str().into(),
            span: self.of(label),
        });
        let span = self.of(block);
        Block {
            kind: block.ident.as_str().into(),
            kind_span: self.of(&block.ident),
            labels: labels.collect(),
            body: self.body(&block.body, span),
            span,
        }
    }

    fn expression(self, written: &hcl::Expression) -> Expression {
        Expression {
            kind: self.kind(written),
            span: self.of(written),
        }
    }

    /// A key of an object, as it is written.
    fn key(self, name: &str, span: Span) -> Expression {
        let written = self.written(span).trim_matches('"');
        let text = match written.len() == name.len() {
            true => written,
            false => name,
        };
        Expression {
            kind: ExpressionKind::Literal(Kind::Text(text.into())),
            span,
        }
    }

    /// What is written at a place.
    fn written(&self, span: Span) -> &str {
        let at = |offset: u32| (offset as usize).saturating_sub(self.start);
        self.text.get(at(span.start)..at(span.end)).unwrap_or("")
    }

    /// A text in quotes. One that may be JSON keeps the places of its characters.
    fn quoted(self, text: &str, span: Span) -> ExpressionKind {
        if !text.trim_start().starts_with(['{', '[']) {
            return ExpressionKind::Literal(Kind::Text(text.into()));
        }
        let inside = Span::new(span.file, span.start + 1, span.end.saturating_sub(1));
        let part = Part::Known(text.into(), inside);
        ExpressionKind::Template(self.aligned(part, true))
    }

    fn boxed(self, written: &hcl::Expression) -> Box<Expression> {
        Box::new(self.expression(written))
    }

    fn kind(self, written: &hcl::Expression) -> ExpressionKind {
        match written {
            hcl::Expression::Null(_) => ExpressionKind::Literal(Kind::Null),
            hcl::Expression::Bool(value) => ExpressionKind::Literal(Kind::Bool(*value.value())),
            hcl::Expression::Number(number) => {
                let number = number.value().to_string();
                ExpressionKind::Literal(Kind::Number(number.into()))
            }
            hcl::Expression::String(text) => self.quoted(text.value(), self.of(written)),
            hcl::Expression::Array(items) => {
                ExpressionKind::List(items.iter().map(|item| self.expression(item)).collect())
            }
            hcl::Expression::Object(object) => {
                let members = object.iter().map(|(key, value)| {
                    let key = match key {
                        hcl::ObjectKey::Ident(name) => self.key(name, self.of(key)),
                        hcl::ObjectKey::Expression(hcl::Expression::String(name)) => {
                            self.key(name, self.of(key))
                        }
                        hcl::ObjectKey::Expression(key) => self.expression(key),
                    };
                    (key, self.expression(value.expr()))
                });
                ExpressionKind::Object(members.collect())
            }
            hcl::Expression::StringTemplate(template) => {
                ExpressionKind::Template(self.parts(template, true))
            }
            hcl::Expression::HeredocTemplate(heredoc) => {
                ExpressionKind::Template(self.parts(&heredoc.template, false))
            }
            hcl::Expression::Parenthesis(inner) => self.kind(inner.inner()),
            hcl::Expression::Variable(name) => ExpressionKind::Name(name.as_str().into()),
            hcl::Expression::Traversal(traversal) => {
                let steps = traversal.operators.iter();
                let steps = steps.map(|step| self.step(step.value(), self.of(step)));
                ExpressionKind::Traversal(self.boxed(&traversal.expr), steps.collect())
            }
            other => self.compound(other),
        }
    }

    /// Expressions that compute something.
    fn compound(self, written: &hcl::Expression) -> ExpressionKind {
        match written {
            hcl::Expression::Conditional(conditional) => {
                let branches = [
                    &conditional.cond_expr,
                    &conditional.true_expr,
                    &conditional.false_expr,
                ];
                ExpressionKind::Conditional(Box::new(branches.map(|each| self.expression(each))))
            }
            hcl::Expression::FuncCall(call) => self.call(call),
            hcl::Expression::UnaryOp(unary) => {
                let operator = match unary.operator.value() {
                    hcl::UnaryOperator::Neg => UnaryOperator::Minus,
                    hcl::UnaryOperator::Not => UnaryOperator::Not,
                };
                ExpressionKind::Unary(operator, self.boxed(&unary.expr))
            }
            hcl::Expression::BinaryOp(binary) => {
                let operator = operator(*binary.operator.value());
                let values = [&binary.lhs_expr, &binary.rhs_expr];
                ExpressionKind::Binary(
                    operator,
                    Box::new(values.map(|value| self.expression(value))),
                )
            }
            hcl::Expression::ForExpr(written) => {
                ExpressionKind::For(Box::new(self.for_expression(written)))
            }
            _ => ExpressionKind::Literal(Kind::Null),
        }
    }

    fn call(self, call: &hcl::FuncCall) -> ExpressionKind {
        let namespaces = call.name.namespace.iter().map(|part| part.as_str());
        let names: Vec<&str> = namespaces.chain([call.name.name.as_str()]).collect();
        ExpressionKind::Call {
            name: names.join("::").into(),
            name_span: self.of(&call.name.name),
            arguments: call.args.iter().map(|each| self.expression(each)).collect(),
            expands_last: call.args.expand_final(),
        }
    }

    fn for_expression(self, written: &hcl::ForExpr) -> ForExpression {
        let intro = &written.intro;
        let condition = written.cond.as_ref();
        ForExpression {
            key_name: intro.key_var.as_ref().map(|name| name.as_str().into()),
            value_name: intro.value_var.as_str().into(),
            collection: self.expression(&intro.collection_expr),
            key: written.key_expr.as_ref().map(|key| self.expression(key)),
            value: self.expression(&written.value_expr),
            is_grouping: written.grouping,
            condition: condition.map(|condition| self.expression(&condition.expr)),
        }
    }

    fn step(self, step: &hcl::TraversalOperator, span: Span) -> Step {
        match step {
            hcl::TraversalOperator::AttrSplat(_) => Step::AttributeSplat,
            hcl::TraversalOperator::FullSplat(_) => Step::Splat,
            hcl::TraversalOperator::GetAttr(name) => Step::Attribute(name.as_str().into(), span),
            hcl::TraversalOperator::Index(index) => Step::Index(self.expression(index)),
            hcl::TraversalOperator::LegacyIndex(index) => {
                let number = index.value().to_string();
                Step::Index(Expression {
                    kind: ExpressionKind::Literal(Kind::Number(number.into())),
                    span,
                })
            }
        }
    }

    /// The parts of a template; in quotes, it has escape sequences.
    fn parts(self, template: &Template, is_quoted: bool) -> Vec<Part> {
        let parts = self.edged(template, Edges::default());
        parts
            .into_iter()
            .flat_map(|part| self.aligned(part, is_quoted))
            .collect()
    }

    /// A part as parts of which each is where exactly its characters are written.
    fn aligned(self, part: Part, is_quoted: bool) -> Vec<Part> {
        let all = |parts: Vec<Part>| -> Vec<Part> {
            let parts = parts.into_iter();
            parts
                .flat_map(|part| self.aligned(part, is_quoted))
                .collect()
        };
        match part {
            Part::Known(text, span) => runs(self.written(span), &text, span, is_quoted),
            Part::Value(value) => vec![Part::Value(value)],
            Part::If(condition, then, otherwise) => {
                vec![Part::If(condition, all(then), all(otherwise))]
            }
            Part::For {
                key,
                value,
                collection,
                parts,
            } => vec![Part::For {
                key,
                value,
                collection,
                parts: all(parts),
            }],
        }
    }

    /// The parts of a template of which a neighbouring directive can strip both ends.
    fn edged(self, template: &Template, outer: Edges) -> Vec<Part> {
        let elements = template.iter().map(|element| self.part(element));
        stripped(elements.collect(), outer)
    }

    /// A part, with what it strips of the literals beside it.
    fn part(self, element: &Element) -> (Part, Edges) {
        match element {
            Element::Literal(text) => {
                let text_span = self.of(text);
                (
                    Part::Known(text.as_str().into(), text_span),
                    Edges::default(),
                )
            }
            Element::Interpolation(inner) => {
                let value = self.expression(&inner.expr);
                (Part::Value(value), Edges::of(inner.strip))
            }
            Element::Directive(directive) => match &**directive {
                Directive::If(directive) => {
                    let (first, last) = (&directive.if_expr, &directive.endif_expr);
                    let middle = directive.else_expr.as_ref();
                    let first_end = middle.map_or(last.strip, |middle| middle.strip);
                    let inner = Edges::between(first.strip, first_end);
                    let then = self.edged(&first.template, inner);
                    let otherwise = middle.map_or_else(Vec::new, |middle| {
                        let inner = Edges::between(middle.strip, last.strip);
                        self.edged(&middle.template, inner)
                    });
                    let condition = self.expression(&first.cond_expr);
                    let outer = Edges::around(first.strip, last.strip);
                    (Part::If(condition, then, otherwise), outer)
                }
                Directive::For(directive) => {
                    let (first, last) = (&directive.for_expr, &directive.endfor_expr);
                    let inner = Edges::between(first.strip, last.strip);
                    let parts = self.edged(&first.template, inner);
                    let key = first.key_var.as_ref();
                    let part = Part::For {
                        key: key.map(|name| name.as_str().into()),
                        value: first.value_var.as_str().into(),
                        collection: self.boxed(&first.collection_expr),
                        parts,
                    };
                    (part, Edges::around(first.strip, last.strip))
                }
            },
        }
    }
}

fn operator(written: hcl::BinaryOperator) -> BinaryOperator {
    match written {
        hcl::BinaryOperator::Eq => BinaryOperator::Equal,
        hcl::BinaryOperator::NotEq => BinaryOperator::NotEqual,
        hcl::BinaryOperator::LessEq => BinaryOperator::LessOrEqual,
        hcl::BinaryOperator::GreaterEq => BinaryOperator::GreaterOrEqual,
        hcl::BinaryOperator::Less => BinaryOperator::Less,
        hcl::BinaryOperator::Greater => BinaryOperator::Greater,
        hcl::BinaryOperator::Plus => BinaryOperator::Add,
        hcl::BinaryOperator::Minus => BinaryOperator::Subtract,
        hcl::BinaryOperator::Mul => BinaryOperator::Multiply,
        hcl::BinaryOperator::Div => BinaryOperator::Divide,
        hcl::BinaryOperator::Mod => BinaryOperator::Remainder,
        hcl::BinaryOperator::And => BinaryOperator::And,
        hcl::BinaryOperator::Or => BinaryOperator::Or,
    }
}

/// A decoded text in runs, each at the place where it is written: without the indentation that `<<-` takes
/// away, and with what escape sequences stand for. The whole text at one place where that is not found out.
fn runs(written: &str, text: &Arc<str>, span: Span, is_quoted: bool) -> Vec<Part> {
    if written == &**text {
        return vec![Part::Known(Arc::clone(text), span)];
    }
    let mut runs: Vec<(usize, usize, usize)> = Vec::new();
    let mut rest = written;
    let mut decoded = &**text;
    while let Some(next) = decoded.chars().next() {
        let Some(first) = rest.chars().next() else {
            return vec![Part::Known(Arc::clone(text), span)];
        };
        let at = written.len() - rest.len();
        let (taken, is_decoded) = match first {
            '\\' if is_quoted => (escape_length(rest), true),
            first if first == next => (first.len_utf8(), true),
            // Indentation, or the first of two that escape an interpolation.
            ' ' | '\t' | '$' | '%' => (1, false),
            _ => return vec![Part::Known(Arc::clone(text), span)],
        };
        if is_decoded {
            let from = text.len() - decoded.len();
            match runs.last_mut() {
                Some((start, end, place))
                    if *place + (*end - *start) == at && taken == next.len_utf8() =>
                {
                    *end += taken;
                }
                _ => runs.push((from, from + next.len_utf8(), at)),
            }
            decoded = decoded.get(next.len_utf8()..).unwrap_or("");
        }
        rest = rest.get(taken..).unwrap_or("");
    }
    let parts = runs.into_iter().map(|(from, to, at)| {
        let start = span.start + u32::try_from(at).unwrap_or(0);
        let length = u32::try_from(to - from).unwrap_or(0);
        let known = text.get(from..to).unwrap_or("");
        Part::Known(known.into(), Span::new(span.file, start, start + length))
    });
    parts.collect()
}

/// How many bytes an escape sequence is long.
fn escape_length(written: &str) -> usize {
    let kind = written.chars().nth(1);
    let length = match kind {
        Some('u') => 6,
        Some('U') => 10,
        Some(other) => 1 + other.len_utf8(),
        None => 1,
    };
    length.min(written.len())
}

#[cfg(test)]
mod tests;
