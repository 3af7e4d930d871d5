//! Functions from lists to lists.

use super::calling::{Answer, Call, Function, at_least, exactly};
use super::conversions::unified;
use super::sets::{distinct_items, maybe};
use super::values::{any, elements, is_empty, is_open, is_untyped, same, varies};
use crate::syntax::{Kind, Node};

pub(super) const FUNCTIONS: &[Function] = &[
    at_least("concat", 1, concat),
    exactly("flatten", 1, flatten),
    exactly("distinct", 1, distinct),
    exactly("reverse", 1, reverse),
    exactly("slice", 3, slice),
    exactly("sort", 1, sort),
    exactly("compact", 1, compact),
    exactly("chunklist", 2, chunklist),
    at_least("coalesce", 1, coalesce),
    at_least("coalescelist", 1, coalescelist),
    exactly("matchkeys", 3, matchkeys),
    at_least("setproduct", 1, setproduct),
];

fn concat(call: &Call<'_>) -> Answer {
    let mut all = Vec::new();
    for (index, argument) in call.arguments.iter().enumerate() {
        match call.list(index)? {
            Some(items) => all.extend(items),
            None => all.push(elements(argument)),
        }
        call.check_items(all.len())?;
    }
    Ok(call.list_node(all))
}

fn flatten(call: &Call<'_>) -> Answer {
    let Some(items) = call.list(0)? else {
        return Ok(call.list_node(vec![elements(&call.at(0))]));
    };
    let mut flat = Vec::new();
    let mut open: Vec<Node> = items.into_iter().rev().collect();
    while let Some(item) = open.pop() {
        match &item.kind {
            Kind::Array(items) => open.extend(items.iter().rev().cloned()),
            // It can be a list.
            _ if is_untyped(&item) => flat.push(elements(&item)),
            _ => flat.push(item),
        }
        call.check_items(flat.len().max(open.len()))?;
    }
    Ok(call.list_node(flat))
}

fn distinct(call: &Call<'_>) -> Answer {
    let Some(items) = call.list(0)? else {
        return Ok(call.list_node(vec![call.varying()]));
    };
    Ok(call.list_node(distinct_items(call, unified(call, items)?)))
}

fn reverse(call: &Call<'_>) -> Answer {
    let Some(mut items) = call.list(0)? else {
        return Ok(call.unknown());
    };
    items.reverse();
    Ok(call.list_node(items))
}

fn slice(call: &Call<'_>) -> Answer {
    let (items, start, end) = (call.list(0)?, call.integer(1)?, call.integer(2)?);
    let (Some(items), Some(start), Some(end)) = (items, start, end) else {
        return Ok(call.list_node(vec![call.varying()]));
    };
    let known = items.iter().take_while(|item| !varies(item)).count();
    let range = usize::try_from(start).ok().zip(usize::try_from(end).ok());
    match range {
        Some((start, end)) if start <= end && end <= known => {
            let taken = items.get(start..end).unwrap_or_default();
            Ok(call.list_node(taken.to_vec()))
        }
        Some((start, end)) if start <= end && known < items.len() => {
            Ok(call.list_node(vec![call.varying()]))
        }
        _ => call.fault("the indices of `slice` are not within the list"),
    }
}

fn sort(call: &Call<'_>) -> Answer {
    let Some(items) = call.list(0)? else {
        return Ok(call.list_node(vec![call.varying()]));
    };
    if is_open(&items) {
        return Ok(call.list_node(vec![call.varying()]));
    }
    let mut texts = Vec::new();
    for item in &items {
        let Some(text) = call.text_of(item)? else {
            return call.fault("`sort` takes a list of strings, but an element is null");
        };
        texts.push(call.text_node(text));
    }
    // Where one text belongs that is not known, is not known of the others either.
    if texts.len() > 1 && texts.iter().any(|text| text.as_str().is_none()) {
        let parts = (0..texts.len()).map(|index| call.part(&format!("[{index}]")));
        return Ok(call.list_node(parts.collect()));
    }
    texts.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
    Ok(call.list_node(texts))
}

fn compact(call: &Call<'_>) -> Answer {
    let Some(items) = call.list(0)? else {
        return Ok(call.list_node(vec![call.varying()]));
    };
    let mut kept = Vec::new();
    for item in &items {
        let Some(text) = call.text_of(item)? else {
            continue;
        };
        let node = Node::text(text.clone(), item.span);
        match is_empty(&text) {
            Some(true) => {}
            Some(false) => kept.push(node),
            None => kept.push(maybe(call, &node)),
        }
    }
    Ok(call.list_node(kept))
}

fn chunklist(call: &Call<'_>) -> Answer {
    let (items, size) = (call.list(0)?, call.integer(1)?);
    let (Some(items), Some(size)) = (items, size) else {
        return Ok(call.list_node(vec![call.varying()]));
    };
    let Ok(size) = usize::try_from(size) else {
        return call.mismatch(1, "a number that is not negative");
    };
    if is_open(&items) {
        return Ok(call.list_node(vec![call.varying()]));
    }
    let size = if size == 0 { items.len().max(1) } else { size };
    let chunks = items.chunks(size);
    let chunks = chunks.map(|chunk| Node::array(chunk.to_vec(), call.span));
    Ok(call.list_node(chunks.collect()))
}

fn coalesce(call: &Call<'_>) -> Answer {
    let arguments = call.arguments.to_vec();
    let arguments = unified(call, arguments.clone()).unwrap_or(arguments);
    for argument in &arguments {
        match &argument.kind {
            Kind::Null => {}
            _ if is_untyped(argument) => return Ok(call.unknown()),
            Kind::Text(text) => match is_empty(text) {
                Some(true) => {}
                Some(false) => return Ok(argument.clone()),
                None => return Ok(call.unknown()),
            },
            _ => return Ok(argument.clone()),
        }
    }
    call.fault("`coalesce` takes at least one argument that is neither null nor empty")
}

fn coalescelist(call: &Call<'_>) -> Answer {
    for (index, argument) in call.arguments.iter().enumerate() {
        let Some(items) = call.list(index)? else {
            return Ok(call.unknown());
        };
        match (items.is_empty(), items.iter().all(varies)) {
            (true, _) => {}
            (false, true) => return Ok(call.unknown()),
            (false, false) => return Ok(argument.clone()),
        }
    }
    call.fault("`coalescelist` takes at least one list with elements")
}

fn matchkeys(call: &Call<'_>) -> Answer {
    let (values, keys, wanted) = (call.list(0)?, call.list(1)?, call.list(2)?);
    let (Some(values), Some(keys), Some(wanted)) = (values, keys, wanted) else {
        return Ok(call.list_node(vec![call.varying()]));
    };
    if is_open(&values) || is_open(&keys) {
        return Ok(call.list_node(vec![call.varying()]));
    }
    if values.len() != keys.len() {
        return call.fault("`matchkeys` takes as many keys as values");
    }
    call.check_items(keys.len().saturating_mul(wanted.len()) / 100)?;
    let mut kept = Vec::new();
    for (value, key) in values.iter().zip(&keys) {
        match any(wanted.iter().map(|wanted| same(key, wanted))) {
            Some(true) => kept.push(value.clone()),
            Some(false) => {}
            None => kept.push(maybe(call, value)),
        }
    }
    Ok(call.list_node(kept))
}

fn setproduct(call: &Call<'_>) -> Answer {
    let mut rows: Vec<Vec<Node>> = vec![Vec::new()];
    let mut is_known = true;
    for index in 0..call.arguments.len() {
        let items = call.list(index)?.filter(|items| !is_open(items));
        let Some(items) = items.filter(|_| is_known) else {
            is_known = false;
            continue;
        };
        call.check_items(rows.len().saturating_mul(items.len()))?;
        let with = |row: &Vec<Node>| {
            let row = row.clone();
            let rows = items.iter().map(move |item| {
                let mut row = row.clone();
                row.push(item.clone());
                row
            });
            rows.collect::<Vec<_>>()
        };
        rows = rows.iter().flat_map(with).collect();
    }
    if !is_known {
        return Ok(call.list_node(vec![call.varying()]));
    }
    let rows = rows.into_iter().map(|row| Node::array(row, call.span));
    Ok(call.list_node(rows.collect()))
}
