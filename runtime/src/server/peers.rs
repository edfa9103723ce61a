//! How many connections each client address has.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Connections by address.
#[derive(Debug)]
pub(super) struct Peers {
    counts: Mutex<HashMap<IpAddr, usize>>,
    most: usize,
}

impl Peers {
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { counts: Mutex::default(), most })
    }

    /// Lets one more connection of this address in, unless it has as many as it may.
    pub(super) fn admit(self: &Arc<Self>, address: IpAddr) -> Option<Peer> {
        let address = subject(address);
        let mut counts = self.counts();
        let count = counts.entry(address).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        drop(counts);
        Some(Peer { peers: Arc::clone(self), address })
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who an address stands for. Everyone on IPv6 has a /64 of addresses.
fn subject(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        address @ IpAddr::V4(_) => address,
    }
}

/// One connection of an address.
#[derive(Debug)]
pub(super) struct Peer {
    peers: Arc<Peers>,
    address: IpAddr,
}

impl Drop for Peer {
    fn drop(&mut self) {
        let mut counts = self.peers.counts();
        if let Some(count) = counts.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_has_its_own_bound() {
        let peers = Peers::new(2);
        let address = |text: &str| text.parse::<IpAddr>().expect(text);
        let first = peers.admit(address("10.0.0.1")).expect("room");
        let _second = peers.admit(address("::ffff:10.0.0.1")).expect("room");
        assert!(peers.admit(address("10.0.0.1")).is_none());
        assert!(peers.admit(address("10.0.0.2")).is_some());
        drop(first);
        assert!(peers.admit(address("10.0.0.1")).is_some());
        let one = peers.admit(address("2001:db8::1")).expect("room");
        let two = peers.admit(address("2001:db8::2")).expect("room");
        assert!(peers.admit(address("2001:db8::3")).is_none(), "one /64");
        assert!(peers.admit(address("2001:db8:0:1::1")).is_some());
        drop((one, two));
        assert_eq!(peers.counts().len(), 1, "nothing is kept of those who left");
    }
}
