//! Counts the elements of one MRT file with bgpkit-parser, as its users would: the yardstick for
//! updates in `bench/targets.py`. Prints the count.
use bgpkit_parser::BgpkitParser;

fn main() {
    let path = std::env::args().nth(1).expect("usage: count-elements FILE");
    match BgpkitParser::new(&path) {
        Ok(parser) => println!("{}", parser.into_elem_iter().count()),
        Err(error) => {
            eprintln!("count-elements: {path}: {error}");
            std::process::exit(1);
        }
    }
}
