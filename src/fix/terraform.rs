//! Fixes in configuration of Terraform: statements in the documents that are there, and resources of their own.

use super::aim::{For, header, mapped, whose};
use super::arguments::{attribute_of, document_of, joined_after, role_policy_type};
use super::change::Change;
use super::hcl::{self, Item};
use super::hcl_place::{Place, block_at, of_document};
use super::hcl_sheet::Sheet;
use super::hcl_statement::items;
use super::json_place::ListPlace;
use super::module::{Manner, Module};
use super::permission::permission_type;
use super::shared::is_shared;
use super::statement::{Wording, statement};
use super::template::{NOWHERE, object};
use crate::catalogue::{Catalogue, TerraformResource};
use crate::diagnostics::{Allow, NewStatement, PolicyKind};
use crate::input::{Declared, Repeats, is_configuration, type_of};
use crate::source::{FileId, SourceMap, Span};
use crate::syntax::{Node, Style};

/// The version of the policy language that new documents name.
const VERSION: &str = "2012-10-17";

/// The function that a permission is for, as a module has it.
struct OfFunction<'m> {
    /// What the permission is written after.
    after: Span,
    trigger: Option<&'m Declared>,
    /// The first arguments of the permission.
    header: Vec<Item>,
    /// What expressions call the function, where the module declares it.
    named: Option<String>,
    aim: For,
}

/// Configuration into which something is written.
pub(super) struct Writer<'w> {
    pub(super) sources: &'w SourceMap,
    pub(super) catalogue: &'w Catalogue,
    /// The modules, each with the number of its view.
    pub(super) modules: Vec<&'w Module<'w>>,
    pub(super) manner: Manner,
}

impl<'w> Writer<'w> {
    fn text(&self, file: FileId) -> Option<&'w str> {
        self.sources.file(file).map(|file| &**file.text())
    }

    /// The module of a place that is about something with an address.
    fn module_of(&self, place: Span, address: Option<&str>) -> Option<&'w Module<'w>> {
        let here = self
            .modules
            .iter()
            .filter(|module| module.view.files.contains(&place.file));
        let here: Vec<&Module<'w>> = here.copied().collect();
        let is_its = |module: &&&Module<'w>| {
            let local = address.and_then(|address| module.local(address));
            local.is_some_and(|local| !local.starts_with("module."))
        };
        let found = here.iter().find(is_its).or_else(|| here.first());
        found.copied()
    }

    /// What a part of the configuration stands for that is about an owner; nothing where that cannot be written so
    /// that it holds for all.
    fn aim(&self, module: &Module<'_>, declared: &Declared, owner: Option<&str>) -> Option<For> {
        let Some(repeats) = declared.repeats else {
            return Some(For::One);
        };
        let local = owner.and_then(|owner| module.local(owner))?;
        let index = local.find('[').and_then(|at| local.get(at..));
        let aim = index.and_then(|index| self.aim_of(repeats, index));
        // For one of several, as a person may have to.
        aim.or_else(|| self.manner.is_draft.then_some(For::One))
    }

    fn aim_of(&self, repeats: Repeats, index: &str) -> Option<For> {
        if repeats.is_map {
            let is_key = !index.contains(['<', '\\', '$', '%']) && index.matches('"').count() == 2;
            return is_key.then(|| For::Each(index.to_owned()));
        }
        let by = self.sources.slice(repeats.by);
        let is_simple = !by.contains(['{', '}', '\n', '\r']);
        (repeats.is_once && is_simple).then(|| For::Counted(by.to_owned()))
    }

    /// How texts are written for what they are for.
    fn manner_for(&self, aim: &For) -> Manner {
        Manner {
            is_for_one: aim.is_one(),
            ..self.manner
        }
    }

    /// The ways to add what is allowed, the best first.
    pub(super) fn ways(&self, number: usize, allow: &Allow) -> Vec<Vec<Change>> {
        let ways = self.written(number, allow).into_iter();
        let ways = ways.filter_map(|mut way| {
            let added = self.data_sources(&way, allow)?;
            way.extend(added);
            Some(way)
        });
        ways.collect()
    }

    /// The data sources that changes take for granted and that are not there, all in one place.
    fn data_sources(&self, way: &[Change], allow: &Allow) -> Option<Vec<Change>> {
        let module = self.module_of(allow.declared?, allow.owner.as_deref())?;
        let texts = way.iter().flat_map(|change| match change {
            Change::Write { edits, .. } => edits.as_slice(),
            _ => &[],
        });
        let texts: Vec<&str> = texts.map(|edit| edit.text.as_str()).collect();
        let text = texts.concat();
        let declared = module.view.declared.iter().map(|declared| declared.span);
        let file = declared.clone().map(|span| span.file).min()?;
        let last = declared
            .filter(|span| span.file == file)
            .max_by_key(|span| span.end)?;
        let sheet = Sheet::new(file, self.text(file)?);
        let blocks = module
            .added(&text)
            .map(|(type_name, name)| vec![format!("data \"{type_name}\" \"{name}\" {{}}")]);
        let blocks: Vec<Vec<String>> = blocks.collect();
        match blocks.is_empty() {
            true => Some(Vec::new()),
            false => sheet.blocks_after(last.end as usize, blocks),
        }
    }

    fn written(&self, number: usize, allow: &Allow) -> Vec<Vec<Change>> {
        if allow.narrows.is_some() {
            return self.narrowed(allow).into_iter().collect();
        }
        if allow.policy == PolicyKind::FunctionPolicy {
            return self.permissions(number, allow).unwrap_or_default();
        }
        let documents = allow.documents.iter();
        let mut ways: Vec<Vec<Change>> = documents
            .filter_map(|place| self.in_document(self.sources.resolve(*place), allow))
            .collect();
        let is_of_role = matches!(
            allow.policy,
            PolicyKind::ExecutionRole | PolicyKind::CallerRole
        );
        ways.extend(
            is_of_role
                .then(|| self.role_policy(number, allow))
                .flatten(),
        );
        ways
    }

    /// The statements with their texts as templates.
    pub(super) fn worded(&self, allow: &Allow) -> Option<Vec<NewStatement>> {
        let module = self.module_of(allow.declared?, allow.owner.as_deref())?;
        let statements = allow.statements.iter();
        statements
            .map(|new| module.statement(new, self.manner))
            .collect()
    }

    /// Statements in a document that is there.
    fn in_document(&self, document: Span, allow: &Allow) -> Option<Vec<Change>> {
        let owner = allow.owner.as_deref();
        let name = self.sources.file(document.file)?.name();
        let is_configuration = is_configuration(name);
        let module = match is_configuration {
            true => self.module_of(document, owner),
            false => self.module_of(allow.declared?, owner),
        }?;
        let declared = module.declared_at(document);
        let is_shared = declared.is_some_and(|declared| is_shared(module, declared, owner));
        if is_shared && !self.manner.is_draft {
            return None;
        }
        let aim = match declared {
            Some(declared) => self.aim(module, declared, owner)?,
            None => For::One,
        };
        let text = self.text(document.file)?;
        let is_document = |name: &str| {
            let entry = self.catalogue.terraform_data_source(name);
            entry.is_some_and(|entry| !entry.documents.is_empty())
        };
        let place = of_document(text, document, &is_document, is_configuration)?;
        let is_plain = matches!(place, Place::Json(_, false));
        let manner = Manner {
            by_reference: self.manner.by_reference && !is_plain,
            is_plain,
            ..self.manner_for(&aim)
        };
        let statements = self.statements(module, &allow.statements, (manner, &aim))?;
        in_place(&Sheet::new(document.file, text), place, &statements)
    }

    /// Statements as nodes, with their texts as templates.
    fn statements(
        &self,
        module: &Module<'_>,
        new: &[NewStatement],
        (manner, aim): (Manner, &For),
    ) -> Option<Vec<Node>> {
        let nodes = new.iter().map(|new| {
            let new = module.statement(new, manner)?;
            let made = statement(&new, Wording::new(None))?;
            Some(mapped(&made, &|template| aim.all(template)))
        });
        nodes.collect()
    }

    /// A policy of a role as a resource of its own, after the role.
    fn role_policy(&self, number: usize, allow: &Allow) -> Option<Vec<Change>> {
        let (owner, place) = (allow.owner.as_deref()?, allow.declared?);
        let module = self.module_of(place, Some(owner))?;
        let role = module.declared_at(place)?;
        let aim = self.aim(module, role, Some(owner))?;
        let (entry, role_property) = role_policy_type(self.catalogue)?;
        let by = attribute_of(entry, role_property)?;
        let document = document_of(entry)?;
        let of_role = self.catalogue.terraform_resource(&role.type_name)?;
        let mut named = ["name", "id"].into_iter();
        let named = named.find(|name| of_role.attributes.contains_key(*name))?;
        let local = module.local(owner)?;
        let service = allow.statements.first()?.actions.first()?;
        let service = service.split(':').next()?;
        let name = local.rsplit('.').next().unwrap_or(local);
        let name = name.split('[').next().unwrap_or(name);
        let whose = whose(&aim, number, place);
        let name = module.free_name(&entry.name, &format!("{name}_{service}"), (&[], whose));
        let manner = (self.manner_for(&aim), &aim);
        let statements = self.statements(module, &allow.statements, manner)?;
        let policy = object([
            ("Version", Node::text(VERSION, NOWHERE)),
            ("Statement", Node::array(statements, NOWHERE)),
        ]);
        let file = place.file;
        let sheet = Sheet::new(file, self.text(file)?);
        let (mut items, own) = header(&aim, &role.key, local);
        let role_name = Node::text(format!("${{{own}.{named}}}"), NOWHERE);
        items.push(Item::argument(&by, role_name));
        let mut lines = vec![format!("resource \"{}\" \"{name}\" {{", entry.name)];
        let mut body = hcl::body(&items, &sheet.step);
        let encoded = hcl::value(&policy, &sheet.step);
        let last = encoded.len().saturating_sub(1);
        body.extend(
            encoded
                .into_iter()
                .enumerate()
                .map(|(index, line)| match index {
                    0 => format!("{document} = jsonencode({line}"),
                    index if index == last => format!("{line})"),
                    _ => line,
                }),
        );
        lines.extend(hcl::indented(body, &sheet.step));
        lines.push("}".to_owned());
        sheet.blocks_after(role.span.end as usize, vec![lines])
    }

    /// Permissions as resources: in the module of the function, and in that of the trigger.
    fn permissions(&self, number: usize, allow: &Allow) -> Option<Vec<Vec<Change>>> {
        let permission = allow.permission.as_ref()?;
        let (owner, place) = (allow.owner.as_deref()?, allow.declared?);
        let module = self.module_of(place, Some(owner))?;
        let function = module.declared_at(place)?;
        let local = module.local(owner)?;
        let own = self.aim(module, function, Some(owner)).and_then(|aim| {
            let trigger = self.trigger(module, permission.trigger);
            let (header, name) = header(&aim, &function.key, local);
            let of_function = OfFunction {
                after: trigger.unwrap_or(function).span,
                trigger,
                header,
                named: Some(name),
                aim,
            };
            self.permission(number, (module, &of_function), allow)
        });
        let there = permission.trigger.map(|place| self.sources.resolve(place));
        let there = there.and_then(|place| self.module_of(place, None));
        let there = there.filter(|there| !std::ptr::eq(*there, module));
        let there = there.and_then(|module| {
            let trigger = self.trigger(module, permission.trigger)?;
            let of_function = OfFunction {
                after: trigger.span,
                trigger: Some(trigger),
                header: Vec::new(),
                named: None,
                aim: For::One,
            };
            self.permission(number, (module, &of_function), allow)
        });
        Some(own.into_iter().chain(there).collect())
    }

    /// The resource of a trigger.
    fn trigger<'m>(&self, module: &Module<'m>, place: Option<Span>) -> Option<&'m Declared> {
        module.declared_at(self.sources.resolve(place?))
    }

    /// Permissions as resources of a module.
    fn permission(
        &self,
        number: usize,
        (module, of): (&Module<'_>, &OfFunction<'_>),
        allow: &Allow,
    ) -> Option<Vec<Change>> {
        let permission = allow.permission.as_ref()?;
        let entry = type_of(self.catalogue, &permission_type(self.catalogue)?.name)?;
        let owner = allow.owner.as_deref().unwrap_or_default();
        let sheet = Sheet::new(of.after.file, self.text(of.after.file)?);
        let (mut blocks, mut names) = (Vec::new(), Vec::new());
        for new in &allow.statements {
            let name = owner.rsplit('.').next().unwrap_or(owner);
            let name = name.split('[').next().unwrap_or(name);
            let wanted = format!("{name}_{}", permission.source);
            let whose = whose(&of.aim, number, of.after);
            let name = module.free_name(&entry.name, &wanted, (&names, whose));
            let mut arguments = of.header.clone();
            arguments.extend(self.arguments(module, (entry, of), allow, new)?);
            let head = format!("resource \"{}\" \"{name}\"", entry.name);
            blocks.push(hcl::block(&head, &arguments, &sheet.step));
            names.push(format!("{}.{name}", entry.name));
        }
        let mut changes = sheet.blocks_after(of.after.end as usize, blocks)?;
        if let Some(trigger) = of.trigger.filter(|_| permission.is_first) {
            changes.extend(self.waiting(trigger, &names)?);
        }
        Some(changes)
    }

    /// The arguments of a permission.
    fn arguments(
        &self,
        module: &Module<'_>,
        (entry, of): (&TerraformResource, &OfFunction<'_>),
        allow: &Allow,
        new: &NewStatement,
    ) -> Option<Vec<Item>> {
        let shape = permission_type(self.catalogue)?;
        let ([action], Some((_, principal))) = (new.actions.as_slice(), &new.principal) else {
            return None;
        };
        let text = |text: String| Node::text(of.aim.all(&text), NOWHERE);
        let manner = self.manner_for(&of.aim);
        let named = shape.grants.as_ref()?.property.as_str();
        let by = attribute_of(entry, named)?;
        let permission = allow.permission.as_ref()?;
        let function = match &of.named {
            Some(function) => format!("${{{function}.{by}}}"),
            None => {
                let function = module.template(&permission.function, manner)?;
                // Elsewhere it is what the module is given.
                Some(function).filter(|function| function.starts_with("${"))?
            }
        };
        let mut items = vec![
            Item::argument(&attribute_of(entry, "Action")?, text(action.clone())),
            Item::argument(&by, text(function)),
        ];
        if let Some(qualifier) = permission.qualifier.as_ref().filter(|_| of.named.is_some()) {
            let name = joined_after(entry, named)?;
            items.push(Item::argument(
                &name,
                text(module.template(qualifier, manner)?),
            ));
        }
        let principal = text(module.template(principal, manner)?);
        items.push(Item::argument(
            &attribute_of(entry, "Principal")?,
            principal,
        ));
        for test in &new.conditions {
            let mut known = shape.permission_conditions.iter();
            let known = known.find(|known| known.key == test.key)?;
            let value = module.template(&test.value, manner)?;
            let value = match value.as_str() {
                "true" => Node::from(true),
                _ => text(value),
            };
            items.push(Item::argument(
                &attribute_of(entry, &known.property)?,
                value,
            ));
        }
        Some(items)
    }

    /// Makes the resource of the trigger wait for permissions.
    fn waiting(&self, trigger: &Declared, names: &[String]) -> Option<Vec<Change>> {
        const WAITS: &str = "depends_on";
        let file = trigger.span.file;
        let text = self.text(file)?;
        let sheet = Sheet::new(file, text);
        let block = block_at(file, text, trigger.span)?;
        let names: Vec<Vec<String>> = names.iter().map(|name| vec![name.clone()]).collect();
        let Some(known) = block.body.attribute(WAITS) else {
            let line = format!("{WAITS} = [{}]", names.concat().join(", "));
            return sheet.at_end_of(block.span, vec![line], true);
        };
        let crate::syntax::hcl::ExpressionKind::List(items) = &known.kind else {
            return None;
        };
        let list = ListPlace {
            list: known.span.range(),
            last: items.last().map(|item| item.span.range()),
        };
        sheet.in_list(&list, names)
    }

    /// Conditions for a permission that is there.
    fn narrowed(&self, allow: &Allow) -> Option<Vec<Change>> {
        let narrowing = allow.narrows?;
        if !narrowing.is_certain && !self.manner.is_draft {
            return None;
        }
        let place = self.sources.resolve(narrowing.statement);
        let module = self.module_of(place, allow.owner.as_deref())?;
        let declared = module.declared_at(place)?;
        let shape = permission_type(self.catalogue)?;
        let entry = type_of(self.catalogue, &shape.name)?;
        let is_permission = declared.type_name == entry.name;
        let aim = self.aim(module, declared, allow.owner.as_deref());
        let aim = aim.filter(|_| is_permission)?;
        let manner = self.manner_for(&aim);
        let [new] = allow.statements.as_slice() else {
            return None;
        };
        let items = new.conditions.iter().map(|test| {
            let mut known = shape.permission_conditions.iter();
            let known = known.find(|known| known.key == test.key)?;
            let value = aim.all(&module.template(&test.value, manner)?);
            let name = attribute_of(entry, &known.property)?;
            Some(Item::argument(&name, Node::text(value, NOWHERE)))
        });
        let items = items.collect::<Option<Vec<Item>>>()?;
        let sheet = Sheet::new(place.file, self.text(place.file)?);
        let lines = hcl::body(&items, &sheet.step);
        sheet.at_end_of(declared.span, lines, false)
    }
}

/// Statements in the place of a document that takes them.
fn in_place(sheet: &Sheet<'_>, place: Place, statements: &[Node]) -> Option<Vec<Change>> {
    match place {
        Place::Block { after, has_effect } => {
            let lines = statements.iter().map(|statement| {
                let items = items(statement, has_effect);
                hcl::block("statement", &items, &sheet.step)
            });
            sheet.blocks_after(after, lines.collect())
        }
        Place::List(list) => {
            let items = statements.iter().map(|node| hcl::value(node, &sheet.step));
            sheet.in_list(&list, items.collect())
        }
        Place::Json(list, _) => {
            let style = Style {
                indent: sheet.step.clone(),
                ..Style::default()
            };
            // Quotes within `${…}` would have to be without a backslash there.
            let has_quotes = |node: &&Node| node.as_str().is_some_and(|text| text.contains('"'));
            let is_fine = !statements
                .iter()
                .flat_map(Node::walk)
                .any(|node| has_quotes(&node));
            let items = statements.iter().map(|node| style.item(node, true));
            is_fine
                .then(|| sheet.in_list(&list, items.collect()))
                .flatten()
        }
    }
}
