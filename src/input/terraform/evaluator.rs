//! Values of expressions.
//!
//! <https://developer.hashicorp.com/terraform/language/expressions>

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::calls;
use super::evaluation::{Children, Evaluate, Evaluation, Instances, ModuleInstance, Scope};
use super::fault::Evaluated;
use super::references;
use super::{expansion, loops, operators, steps, templates};
use crate::syntax::hcl::{BinaryOperator, Expression, ExpressionKind};
use crate::syntax::{Key, Kind, Member, Node};

/// Evaluates the expressions of a root module and of those that it calls.
pub(super) struct Evaluator<'c> {
    pub(super) evaluation: Evaluation<'c>,
}

impl<'c> Evaluate<'c> for Evaluator<'c> {
    fn evaluation(&self) -> &Evaluation<'c> {
        &self.evaluation
    }

    fn value(&self, expression: &'c Expression, scope: &Scope<'c>) -> Evaluated<Node> {
        let span = expression.span;
        self.evaluation
            .deeper(span, || self.by_kind(expression, scope))
    }

    fn children(&self, module: &Rc<ModuleInstance<'c>>, name: &str) -> Option<Rc<Children<'c>>> {
        expansion::children(self, module, name)
    }

    fn instances(&self, module: &Rc<ModuleInstance<'c>>, name: &str) -> Option<Rc<Instances>> {
        expansion::instances(self, module, name)
    }
}

impl<'c> Evaluator<'c> {
    fn by_kind(&self, expression: &'c Expression, scope: &Scope<'c>) -> Evaluated<Node> {
        let span = expression.span;
        match &expression.kind {
            ExpressionKind::Literal(kind) => Ok(Node::new(kind.clone(), span)),
            ExpressionKind::Template(parts) => templates::value(self, parts, span, scope),
            ExpressionKind::List(items) => {
                let items = items.iter().map(|item| self.value(item, scope));
                let list = Node::array(items.collect::<Evaluated<_>>()?, span);
                self.evaluation.bounded(list)
            }
            ExpressionKind::Object(members) => self.object(members, expression, scope),
            ExpressionKind::Name(_) => references::value(self, expression, &[], scope),
            ExpressionKind::Traversal(start, steps) => references::value(self, start, steps, scope),
            ExpressionKind::Conditional(branches) => {
                let [condition, then, otherwise] = &**branches;
                let condition = self.value(condition, scope)?;
                match operators::truth(&condition) {
                    Some(true) => self.value(then, scope),
                    Some(false) => self.value(otherwise, scope),
                    None => self.either(then, otherwise, expression, scope),
                }
            }
            ExpressionKind::Call { .. } => {
                let value = calls::value(self, expression, scope)?;
                self.evaluation.bounded(steps::placed(&value, span))
            }
            ExpressionKind::Unary(operator, value) => {
                let value = self.value(value, scope)?;
                Ok(match operators::unary(*operator, &value) {
                    Some(kind) => Node::new(kind, span),
                    None => self.evaluation.open(expression, scope),
                })
            }
            ExpressionKind::Binary(operator, values) => {
                self.binary(*operator, values, expression, scope)
            }
            ExpressionKind::For(inner) => {
                let made = loops::value(self, inner, expression, scope)?;
                self.evaluation.bounded(made)
            }
        }
    }

    fn binary(
        &self,
        operator: BinaryOperator,
        [one, other]: &'c [Expression; 2],
        expression: &'c Expression,
        scope: &Scope<'c>,
    ) -> Evaluated<Node> {
        let one = self.value(one, scope)?;
        let decided = match operator {
            BinaryOperator::And => operators::truth(&one) == Some(false),
            BinaryOperator::Or => operators::truth(&one) == Some(true),
            _ => false,
        };
        if decided {
            return Ok(Node::new(one.kind, expression.span));
        }
        let other = self.value(other, scope)?;
        Ok(match operators::binary(operator, &one, &other) {
            Some(kind) => Node::new(kind, expression.span),
            None => self.evaluation.open(expression, scope),
        })
    }

    /// One of two values: known only if both are the same.
    fn either(
        &self,
        then: &'c Expression,
        otherwise: &'c Expression,
        expression: &'c Expression,
        scope: &Scope<'c>,
    ) -> Evaluated<Node> {
        match (self.value(then, scope), self.value(otherwise, scope)) {
            (Ok(one), Ok(other)) if one == other => Ok(one),
            _ => Ok(self.evaluation.open(expression, scope)),
        }
    }

    fn object(
        &self,
        members: &'c [(Expression, Expression)],
        expression: &'c Expression,
        scope: &Scope<'c>,
    ) -> Evaluated<Node> {
        let members = members.iter().map(|(key, value)| {
            let name = self.value(key, scope)?;
            let text = name.scalar();
            let text = text.or_else(|| Some(name.as_text()?.to_string()));
            Ok(Member {
                key: Key {
                    text: text.unwrap_or_else(|| "<key>".to_owned()).into(),
                    span: key.span,
                },
                value: self.value(value, scope)?,
            })
        });
        let members = last_of_each(members.collect::<Evaluated<Vec<Member>>>()?);
        let object = Node::new(Kind::Object(members.into()), expression.span);
        self.evaluation.bounded(object)
    }
}

/// Members without those that a later one of the same name replaces.
fn last_of_each(members: Vec<Member>) -> Vec<Member> {
    let names = members.iter().enumerate();
    let last: HashMap<Arc<str>, usize> = names
        .map(|(index, member)| (Arc::clone(&member.key.text), index))
        .collect();
    let is_last = |(index, member): &(usize, Member)| last.get(&member.key.text) == Some(index);
    let all = members.into_iter().enumerate().filter(is_last);
    all.map(|(_, member)| member).collect()
}
