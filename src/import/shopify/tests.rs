use std::io::Read;

use super::*;

const OLD_DIALECT: &[u8] = include_bytes!("../../../tests/fixtures/shopify/old-dialect.csv");
const NEW_DIALECT: &[u8] = include_bytes!("../../../tests/fixtures/shopify/new-dialect.csv");
const BYTE_ORDER_MARK: &[u8] = include_bytes!("../../../tests/fixtures/shopify/byte-order-mark.csv");
const BAD_ROWS: &[u8] = include_bytes!("../../../tests/fixtures/shopify/bad-rows.csv");
const LATIN_1: &[u8] = include_bytes!("../../../tests/fixtures/shopify/latin-1.csv");

struct Outcome {
    products: Vec<ImportedProduct>,
    problems: Vec<RowProblem>,
    unused: Vec<String>,
    counts: Counts,
}

impl Outcome {
    fn product(&self, handle: &str) -> &ImportedProduct {
        self.products.iter().find(|product| product.handle == handle).expect("a product of that handle")
    }

    fn handles(&self) -> Vec<&str> {
        self.products.iter().map(|product| product.handle.as_str()).collect()
    }
}

fn read(file: impl Read) -> Outcome {
    let mut reader = ShopifyReader::open(file).expect("a header");
    let (mut products, mut problems) = (Vec::new(), Vec::new());
    for found in &mut reader {
        match found.expect("a file that can be read") {
            Found::Product(product) => products.push(*product),
            Found::Problem(problem) => problems.push(problem),
        }
    }
    Outcome { products, problems, unused: reader.unused_columns().to_vec(), counts: reader.counts() }
}

fn decimal(text: &str) -> Option<Decimal> {
    text.parse().ok()
}

fn image(name: &str) -> String {
    format!("https://images.example.com/{name}.jpg")
}

#[test]
fn the_old_dialect_is_read_whole() {
    let outcome = read(OLD_DIALECT);
    assert_eq!(outcome.problems, []);
    assert_eq!(outcome.counts, Counts { rows: 8, products: 3, variants: 6, images: 6, problems: 0 });
    assert_eq!(outcome.unused, ["Variant Fulfillment Service", "Google Shopping / MPN"]);

    let spoon = outcome.product("oak-spoon");
    assert_eq!(spoon.title, "Oak Spoon");
    assert_eq!(spoon.body_html.as_deref(), Some("<p>Carved from <em>one</em> piece of oak.</p>"));
    assert_eq!(spoon.tags, ["kitchen", "wood"]);
    assert_eq!(spoon.seo_title.as_deref(), Some("Oak spoon, hand carved"));
    assert_eq!(spoon.options, [], "there is nothing to choose");
    let [only] = spoon.variants.as_slice() else { panic!("one variant") };
    assert!(only.option_values.is_empty());
    assert_eq!(only.sku.as_deref(), Some("HW-SPOON"));
    assert_eq!(only.barcode.as_deref(), Some("0012345678905"), "without the apostrophe");
    assert_eq!((only.price, only.compare_at, only.cost), (decimal("9.50"), decimal("12.00"), decimal("3.10")));
    assert_eq!((only.grams, only.weight_unit), (Some(45), Some(WeightUnit::Gram)));
    assert_eq!((only.inventory_quantity, only.inventory_policy), (Some(12), InventoryPolicy::Deny));
    assert_eq!(only.inventory_tracker.as_deref(), Some("shopify"));
    assert_eq!(only.tax_code.as_deref(), Some("P0000000"));

    let card = outcome.product("gift-card");
    assert!(card.gift_card && !card.published && !card.variants[1].requires_shipping);
    assert_eq!(card.status, ImportedStatus::Draft);
}

#[test]
fn options_and_images_are_put_together_from_many_rows() {
    let outcome = read(OLD_DIALECT);
    let socks = outcome.product("wool-socks");
    assert_eq!(
        socks.options,
        [
            ImportedOption { name: "Size".into(), values: vec!["S".into(), "M".into()] },
            ImportedOption { name: "Color".into(), values: vec!["Moss".into(), "Clay".into()] },
        ]
    );
    let values: Vec<String> = socks.variants.iter().map(|variant| variant.option_values.join("/")).collect();
    assert_eq!(values, ["S/Moss", "M/Moss", "S/Clay"]);
    assert_eq!(socks.variants[2].inventory_quantity, Some(-2));
    assert_eq!(socks.variants[0].inventory_policy, InventoryPolicy::Continue);
    assert!(!socks.variants[0].taxable && socks.variants[1].taxable);
    let images: Vec<&str> = socks.images.iter().map(|image| image.src.as_str()).collect();
    let expected = ["socks-pair", "socks-moss", "socks-toe", "socks-clay", "socks-heel"].map(image);
    assert_eq!(images, expected, "by place, then by the order of the file, variants' own images among them");
    assert!(socks.images.iter().enumerate().all(|(index, image)| image.position == index + 1));
    assert_eq!(socks.images[0].alt.as_deref(), Some("A pair of socks"));
    assert_eq!(socks.variants[2].image, Some(image("socks-clay")));
}

#[test]
fn the_new_dialect_is_read_whole() {
    let outcome = read(NEW_DIALECT);
    assert_eq!(outcome.problems, []);
    assert_eq!(outcome.handles(), ["clay-teapot", "tea-towel"]);
    assert_eq!(
        outcome.unused,
        ["Product category", "Option1 Linked To", "Option2 Linked To", "Option3 Linked To", "Fulfillment service"]
    );
    let teapot = outcome.product("clay-teapot");
    assert_eq!(teapot.body_html.as_deref(), Some("<h2>For two</h2>\n<p>Holds 600 ml, \"just enough\".</p>"));
    assert_eq!(teapot.options, [ImportedOption { name: "Glaze".into(), values: vec!["Red".into(), "Blue".into()] }]);
    let [red, blue] = teapot.variants.as_slice() else { panic!("two variants") };
    assert_eq!((red.sku.as_deref(), red.barcode.as_deref()), (Some("KR-POT-RED"), Some("4006381333931")));
    assert_eq!((red.price, red.compare_at, red.cost), (decimal("48.00"), decimal("56.00"), decimal("19.75")));
    assert_eq!((red.inventory_policy, blue.inventory_policy), (InventoryPolicy::Deny, InventoryPolicy::Continue));
    assert_eq!(red.grams, Some(820));
    assert_eq!(teapot.images.len(), 2);
    let towel = outcome.product("tea-towel");
    assert_eq!(towel.status, ImportedStatus::Archived);
    assert!(towel.published, "a blank cell publishes");
    assert!(!towel.variants[0].taxable && towel.options.is_empty());
}

#[test]
fn a_byte_order_mark_and_windows_line_breaks_change_nothing() {
    let outcome = read(BYTE_ORDER_MARK);
    assert_eq!(outcome.handles(), ["linen-apron"]);
    let apron = outcome.product("linen-apron");
    assert_eq!(apron.title, "Linen Apron, \u{201c}Gr\u{f6}\u{df}e\u{201d} 1");
    assert_eq!(
        apron.body_html.as_deref(),
        Some("<p>Line one</p>\n<p>Line two, with a comma</p>\n\n<ul><li>a \"quoted\" word</li></ul>")
    );
    // The body takes four lines, the blank row one.
    let lines: Vec<u64> = outcome.problems.iter().map(|problem| problem.line).collect();
    assert_eq!((apron.line, lines), (2, vec![7, 7]));
    assert_eq!(outcome.counts.rows, 2, "a row of blank cells is no row");
}

#[test]
fn bad_rows_are_named_and_the_good_ones_go_in() {
    let outcome = read(BAD_ROWS);
    let problems: Vec<(u64, &str, &str, Skipped)> = outcome
        .problems
        .iter()
        .map(|problem| {
            let handle = problem.handle.as_deref().unwrap_or("-");
            (problem.line, handle, problem.column.as_deref().unwrap_or("-"), problem.skipped)
        })
        .collect();
    assert_eq!(
        problems,
        [
            (3, "mug", "Variant Price", Skipped::Variant),
            (4, "mug", "Variant Price", Skipped::Variant),
            (5, "mug", "-", Skipped::Variant),
            (6, "mug", "Option1 Value", Skipped::Variant),
            (7, "mug", "Variant SKU", Skipped::Variant),
            (8, "mug", "Variant Price", Skipped::Variant),
            (9, "mug", "Image Src", Skipped::Image),
            (10, "mug", "Option2 Value", Skipped::Variant),
            (11, "mug", "Variant Inventory Qty", Skipped::Variant),
            (12, "mug", "Image Position", Skipped::Image),
            (13, "no-title", "Title", Skipped::Product),
            (15, "bowl", "Published", Skipped::Product),
            (17, "mug", "Handle", Skipped::Row),
            (19, "-", "Handle", Skipped::Row),
            (20, "-", "Handle", Skipped::Row),
            (21, "pan", "Variant Price", Skipped::Variant),
            (21, "pan", "-", Skipped::Product),
            (22, "lid", "Option2 Name", Skipped::Product),
            (23, "jug", "-", Skipped::Product),
            (25, "cup", "-", Skipped::Variant),
            (26, "vase", "Status", Skipped::Product),
            (27, "tray", "-", Skipped::Product),
            (28, "tray", "-", Skipped::Row),
            (30, "dish", "-", Skipped::Row),
        ]
    );
    assert_eq!(outcome.problems[0].reason, "`-8.00` is below zero");
    assert_eq!(outcome.problems[2].reason, "the variant `SMALL` stands on line 2 already");
    assert_eq!(outcome.problems[5].reason, "`1,50` is no price: expected digits and a decimal point, such as 12.90");
    assert_eq!(outcome.handles(), ["mug", "plate", "cup", "dish"]);
    let mug = outcome.product("mug");
    let values: Vec<&str> = mug.variants.iter().map(|variant| variant.option_values[0].as_str()).collect();
    assert_eq!(values, ["Small", "Flat"], "a bad image does not cost its row's variant");
    assert_eq!(mug.options[0].values, ["Small", "Flat"], "only what the variants use");
    assert_eq!(mug.skipped_variants, 8);
    assert_eq!(outcome.product("plate").images.len(), 1, "a stray row of another product does not cut it off");
}

#[test]
fn a_row_that_is_not_utf_8_is_named_with_its_column() {
    let outcome = read(LATIN_1);
    assert_eq!(outcome.handles(), ["tea"]);
    let [problem] = outcome.problems.as_slice() else { panic!("one problem") };
    assert_eq!((problem.line, problem.column.as_deref(), problem.skipped), (2, Some("Title"), Skipped::Product));
}

#[test]
fn files_that_are_none_say_what_to_mend() {
    let refusal = |text: &[u8]| ShopifyReader::open(text).err().map(|error| error.to_string()).unwrap_or_default();
    assert!(refusal(b"").starts_with("the file is empty"));
    assert!(refusal(b"\r\n\n").starts_with("the file is empty"));
    assert_eq!(
        refusal(b"SKU,Price\n"),
        "the file has no column `Handle` or `URL handle`, and none `Title`",
        "both are named, as both dialects have them"
    );
    assert!(refusal(b"Handle;Title;Vendor\n").contains("commas"));
    assert!(refusal(b"Handle,Title,URL handle\n").contains("`Handle` and `URL handle`"));
    assert!(refusal(b"\xff\xfeH\0a\0n\0d\0l\0e\0").contains("UTF-8"));
    let nothing = read(&b"Handle,Title"[..]);
    assert_eq!(nothing.counts, Counts::default());
}

#[test]
fn capitals_and_blanks_in_the_header_do_not_matter() {
    let outcome = read(&b"  HANDLE , title,variant price\nmug,Mug,1\n"[..]);
    assert_eq!(outcome.product("mug").variants[0].price, decimal("1"));
}

#[test]
fn more_than_a_product_can_have_is_reported_and_left_out() {
    let mut file = String::from("Handle,Title,Option1 Name,Option1 Value,Image Src\n");
    for number in 0..260 {
        let (title, option) = if number == 0 { ("Tile", "Number") } else { ("", "") };
        file.push_str(&format!("tile,{title},{option},{number},https://images.example.com/{number}.jpg\n"));
    }
    let outcome = read(file.as_bytes());
    let tile = outcome.product("tile");
    assert_eq!((tile.variants.len(), tile.images.len()), (MAX_VARIANTS, MAX_IMAGES));
    assert_eq!(outcome.problems.len(), 20);
    assert_eq!(outcome.problems[0].reason, "the product has more than 250 images");
    assert_eq!(outcome.problems[1].reason, "the product has more than 250 variants");
}

#[test]
fn attack_c32_cells_that_are_too_long_are_refused() {
    let body = "x".repeat(MAX_DESCRIPTION + 1);
    let title = "t".repeat(300);
    let file =
        format!("Handle,Title,Body (HTML),Tags\na,A,{body},\nb,{title},,\nc,C,,{title}\nd,D,<p>fine</p>,\ne,E,\0,\n");
    let outcome = read(file.as_bytes());
    assert_eq!(outcome.handles(), ["d"]);
    let columns: Vec<Option<&str>> = outcome.problems.iter().map(|problem| problem.column.as_deref()).collect();
    assert_eq!(columns, [Some("Body (HTML)"), Some("Title"), Some("Tags"), Some("Body (HTML)")]);
    assert!(outcome.problems.iter().all(|problem| problem.reason.len() < 200), "a message does not repeat the cell");
}

#[test]
fn attack_c32_a_quote_left_open_ends_the_reading_in_bounded_memory() {
    // Nobody knows what the rest of `b` would have been: it is not given out.
    let head: &[u8] = b"Handle,Title\na,A\nb,B\nb,\"";
    let endless = head.chain(std::io::repeat(b'x'));
    let mut reader = ShopifyReader::open(endless).expect("a header");
    let first = reader.next().expect("a row").expect("a good row");
    assert!(matches!(first, Found::Product(product) if product.handle == "a"));
    assert!(matches!(reader.next(), Some(Err(FileError::RowTooLong { line: 4 }))));
    assert!(reader.next().is_none());
    assert!(reader.bytes_read() < 2 * MAX_ROW);
}

#[test]
fn a_file_that_breaks_off_gives_out_no_half_product() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _buffer: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the disk is gone"))
        }
    }
    let mut reader = ShopifyReader::open((b"Handle,Title\na,A\nb,B\n" as &[u8]).chain(Broken)).expect("a header");
    assert!(matches!(reader.next(), Some(Ok(Found::Product(product))) if product.handle == "a"));
    assert!(matches!(reader.next(), Some(Err(FileError::Unreadable(_)))));
    assert!(reader.next().is_none());
}

#[test]
fn it_does_not_matter_in_what_pieces_the_bytes_come() {
    struct Drip<'a>(&'a [u8]);
    impl Read for Drip<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let count = buffer.len().min(1);
            self.0.read(&mut buffer[..count])
        }
    }
    for file in [OLD_DIALECT, NEW_DIALECT, BYTE_ORDER_MARK, BAD_ROWS, LATIN_1] {
        let (at_once, dripping) = (read(file), read(Drip(file)));
        assert_eq!(at_once.products, dripping.products);
        assert_eq!(at_once.problems, dripping.problems);
    }
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_the_reader_fail(bytes: Vec<u8>, cells in "[ab\",\n\r ]{0,200}") {
        for file in [bytes, [b"Handle,Title,Option1 Name,Option1 Value,Variant Price\n", cells.as_bytes()].concat()] {
            if let Ok(reader) = ShopifyReader::open(file.as_slice()) {
                let rows = file.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() + 1;
                for found in reader {
                    if let Ok(Found::Problem(problem)) = found {
                        proptest::prop_assert!(problem.line as usize <= rows);
                    }
                }
            }
        }
    }
}
