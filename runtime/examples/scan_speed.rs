//! How long it takes to copy three fields of each of 100 objects out of about 25 kB, against serde with borrowed structs.
//!
//! `cargo run --release -p gatewright --example scan_speed`. Rounds are interleaved, the minimum and the median of each
//! are shown, and 64 payloads vary, for a single one would flatter every parser.
#![expect(clippy::disallowed_types, reason = "a benchmark wants the real clock")]
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints, and has no input to survive")]

use std::borrow::Cow;
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use gatewright::codegen as gw;
use serde::{Deserialize, Serialize};

const PAYLOADS: usize = 64;
const ROUNDS: usize = 60;

type Contestant = (&'static str, fn(&gw::Bytes) -> usize);

fn copy_products(scan: &mut gw::Scanner<'_>) -> Result<gw::Fragment, gw::Broken> {
    scan.copy(|scan, out| {
        scan.copy_list(out, gw::Bounds::ANY, |scan, out| {
            let (mut id, mut name, mut price) = (gw::Slot::new("id"), gw::Slot::new("name"), gw::Slot::new("price"));
            scan.object(|scan, key| match key {
                b"id" => id.take(scan, gw::Scanner::whole),
                b"name" => name.take(scan, gw::Scanner::string),
                b"price" => price.take(scan, gw::Scanner::number),
                _ => scan.skip(),
            })?;
            out.raw(br#"{"id":"#);
            out.raw(id.required()?);
            out.raw(br#","name":"#);
            out.raw(name.required()?);
            out.raw(br#","price":"#);
            out.raw(price.required()?);
            out.raw(b"}");
            Ok(())
        })
    })
}

fn skip(scan: &mut gw::Scanner<'_>) -> Result<(), gw::Broken> {
    scan.skip()
}

#[derive(Deserialize, Serialize)]
struct Product<'a> {
    id: i64,
    #[serde(borrow)]
    name: Cow<'a, str>,
    price: f64,
}

/// What a shop's service might answer: nested objects, lists, texts of all lengths, some with escapes and umlauts.
fn payload(random: &mut fastrand::Rng) -> String {
    let words =
        ["fountain", "pen", "ink", "with", "gold", "nib", "Größe", "paper", "\\\"quoted\\\"", "a", "blotter", "smooth"];
    let mut text = String::from("[");
    for index in 0..100 {
        let mut sentence = |most: usize| {
            let count = random.usize(1..=most);
            (0..count).map(|_| words[random.usize(0..words.len())]).collect::<Vec<_>>().join(" ")
        };
        let (name, description) = (sentence(4), sentence(14));
        let comma = if index == 0 { "" } else { "," };
        write!(text, "{comma}{{\"id\":{},\"sku\":\"SKU-{:08x}\",\"name\":\"{name}\",", random.u32(..), random.u32(..))
            .unwrap();
        write!(text, "\"description\":\"{description}\",\"price\":{}.{:02},", random.u16(1..900), random.u8(..100))
            .unwrap();
        write!(text, "\"stock\":{},\"active\":{},\"rating\":null,", random.u16(..), random.bool()).unwrap();
        write!(text, "\"tags\":[\"{}\",\"{}\"],", words[random.usize(0..8)], words[random.usize(0..8)]).unwrap();
        write!(text, "\"size\":{{\"w\":{},\"h\":{}}}}}", random.u8(..), random.u8(..)).unwrap();
    }
    text.push(']');
    text
}

fn time(bodies: &[gw::Bytes], work: impl Fn(&gw::Bytes) -> usize) -> Duration {
    let start = Instant::now();
    for body in bodies {
        black_box(work(black_box(body)));
    }
    start.elapsed() / u32::try_from(bodies.len()).unwrap()
}

fn main() {
    let mut random = fastrand::Rng::with_seed(7);
    let bodies: Vec<gw::Bytes> = (0..PAYLOADS).map(|_| gw::Bytes::from(payload(&mut random))).collect();
    let contestants: [Contestant; 6] = [
        ("scan and copy", |body| gatewright::json::read(body, copy_products).unwrap().value.as_bytes().len()),
        ("skip all", |body| gatewright::json::read(body, skip).map(|_| 1).unwrap()),
        ("UTF-8 only", |body| std::str::from_utf8(body).unwrap().len()),
        ("serde borrowed", |body| serde_json::from_slice::<Vec<Product<'_>>>(body).unwrap().len()),
        ("serde borrowed, from str", |body| {
            serde_json::from_str::<Vec<Product<'_>>>(std::str::from_utf8(body).unwrap()).unwrap().len()
        }),
        ("serde borrowed and written", |body| {
            serde_json::to_vec(&serde_json::from_slice::<Vec<Product<'_>>>(body).unwrap()).unwrap().len()
        }),
    ];
    // Only those whose name begins with the argument, for a profiler to look at.
    let wanted = std::env::args().nth(1).unwrap_or_default();
    let contestants = contestants.into_iter().filter(|(name, _)| name.starts_with(&wanted)).collect::<Vec<_>>();
    let mut times = vec![Vec::new(); contestants.len()];
    for _ in 0..ROUNDS {
        for (times, (_, work)) in times.iter_mut().zip(&contestants) {
            times.push(time(&bodies, work));
        }
    }
    let size: usize = bodies.iter().map(gw::Bytes::len).sum();
    println!("{PAYLOADS} payloads of {} bytes, µs per payload: minimum, median", size / PAYLOADS);
    for (mut times, (name, _)) in times.into_iter().zip(contestants) {
        times.sort_unstable();
        let micros = |time: Duration| time.as_secs_f64() * 1e6;
        println!("{name:28} {:6.1} {:6.1}", micros(times[0]), micros(times[times.len() / 2]));
    }
}
