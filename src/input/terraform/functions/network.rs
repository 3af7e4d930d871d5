//! Functions of CIDR blocks.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::calling::{Answer, Call, Fault, Function, at_least, exactly};
use crate::syntax::Node;

pub(super) const FUNCTIONS: &[Function] = &[
    exactly("cidrhost", 2, cidrhost),
    exactly("cidrnetmask", 1, cidrnetmask),
    exactly("cidrsubnet", 3, cidrsubnet),
    at_least("cidrsubnets", 1, cidrsubnets),
    exactly("cidrcontains", 2, cidrcontains),
];

/// A CIDR block.
#[derive(Clone, Copy)]
struct Block {
    address: u128,
    prefix: u32,
    bits: u32,
}

impl Block {
    fn read(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/')?;
        let (address, bits) = address_of(address)?;
        let is_number = prefix.bytes().all(|byte| byte.is_ascii_digit());
        let prefix = prefix
            .parse()
            .ok()
            .filter(|prefix| is_number && *prefix <= bits)?;
        let block = Block {
            address,
            prefix,
            bits,
        };
        Some(Block {
            address: address & !block.host_mask(),
            ..block
        })
    }

    /// The bits of hosts in it.
    fn host_mask(self) -> u128 {
        let hosts = self.bits - self.prefix;
        1_u128.checked_shl(hosts).map_or(u128::MAX, |size| size - 1)
    }

    fn shown(self) -> String {
        format!("{}/{}", shown(self.address, self.bits), self.prefix)
    }

    /// A smaller block in it.
    fn subnet(self, added: u32, number: u128) -> Option<Self> {
        let prefix = self
            .prefix
            .checked_add(added)
            .filter(|prefix| *prefix <= self.bits)?;
        let most = 1_u128
            .checked_shl(added)
            .map_or(u128::MAX, |count| count - 1);
        if number > most {
            return None;
        }
        let offset = number.checked_shl(self.bits - prefix).unwrap_or(0);
        Some(Block {
            address: self.address | offset,
            prefix,
            ..self
        })
    }
}

fn address_of(text: &str) -> Option<(u128, u32)> {
    match text.parse().ok()? {
        IpAddr::V4(address) => Some((u32::from(address).into(), 32)),
        IpAddr::V6(address) => Some((address.into(), 128)),
    }
}

fn shown(address: u128, bits: u32) -> String {
    match bits {
        32 => Ipv4Addr::from(u32::try_from(address).unwrap_or_default()).to_string(),
        _ => Ipv6Addr::from(address).to_string(),
    }
}

/// The first argument as a block; `None` where it is unknown.
fn block(call: &Call<'_>) -> Result<Option<Block>, Fault> {
    let Some(text) = call.known(0)? else {
        return Ok(None);
    };
    match Block::read(&text) {
        Some(block) => Ok(Some(block)),
        None => call.fault(format!("`{}` takes a CIDR block", call.name)),
    }
}

fn cidrhost(call: &Call<'_>) -> Answer {
    let (Some(block), Some(number)) = (block(call)?, call.integer(1)?) else {
        return Ok(call.unknown());
    };
    let mask = block.host_mask();
    let magnitude = u128::from(number.unsigned_abs());
    // Negative numbers count from the end.
    let host = match number < 0 {
        true => (magnitude - 1 <= mask).then(|| mask - (magnitude - 1)),
        false => (magnitude <= mask).then_some(magnitude),
    };
    match host {
        Some(host) => Ok(call.text_node(shown(block.address | host, block.bits))),
        None => call.fault("the block of `cidrhost` does not have as many hosts"),
    }
}

fn cidrnetmask(call: &Call<'_>) -> Answer {
    let Some(block) = block(call)? else {
        return Ok(call.unknown());
    };
    match block.bits {
        32 => Ok(call.text_node(shown(u128::from(u32::MAX) & !block.host_mask(), 32))),
        _ => call.fault("`cidrnetmask` takes an IPv4 block"),
    }
}

fn cidrsubnet(call: &Call<'_>) -> Answer {
    let (block, added, number) = (block(call)?, call.integer(1)?, call.integer(2)?);
    let (Some(block), Some(added), Some(number)) = (block, added, number) else {
        return Ok(call.unknown());
    };
    let added = u32::try_from(added).ok();
    let number = u128::try_from(number).ok();
    let subnet = added
        .zip(number)
        .and_then(|(added, number)| block.subnet(added, number));
    match subnet {
        Some(subnet) => Ok(call.text_node(subnet.shown())),
        None => call.fault("the block of `cidrsubnet` does not have such a subnet"),
    }
}

fn cidrsubnets(call: &Call<'_>) -> Answer {
    let Some(block) = block(call)? else {
        return Ok(call.list_node(vec![call.varying()]));
    };
    let mut subnets: Vec<Node> = Vec::new();
    let mut next = block.address;
    for index in 1..call.arguments.len() {
        let Some(added) = call.integer(index)? else {
            return Ok(call.list_node(vec![call.varying()]));
        };
        let subnet = u32::try_from(added).ok().and_then(|added| {
            let first = block.subnet(added, 0)?;
            let mask = first.host_mask();
            // It starts at the next multiple of its size.
            let address = next.checked_add(mask)? & !mask;
            let subnet = Block { address, ..first };
            let end = address.checked_add(mask)?;
            (end <= block.address | block.host_mask()).then_some((subnet, end))
        });
        let Some((subnet, end)) = subnet else {
            return call.fault("the block of `cidrsubnets` does not have as many subnets");
        };
        subnets.push(call.text_node(subnet.shown()));
        next = end.saturating_add(1);
    }
    Ok(call.list_node(subnets))
}

fn cidrcontains(call: &Call<'_>) -> Answer {
    let (Some(block), Some(other)) = (block(call)?, call.known(1)?) else {
        return Ok(call.unknown());
    };
    let range = match Block::read(&other) {
        Some(other) => Some((other.address, other.host_mask(), other.bits)),
        None => address_of(&other).map(|(address, bits)| (address, 0, bits)),
    };
    let Some((address, mask, bits)) = range else {
        return call.fault("`cidrcontains` takes an address or a CIDR block");
    };
    let is_in = bits == block.bits
        && mask <= block.host_mask()
        && address & !block.host_mask() == block.address;
    Ok(call.bool_node(is_in))
}
