//! Bad files: each bad row is named, and the good ones go in.

use super::*;

both! {
    async fn bad_rows_are_named_and_the_good_ones_go_in(db: Database) {
        let shop = Shop::open(db).await;
        let report = import(&shop, BAD_ROWS, false).await;
        assert!(report.products_created > 0 && report.products_failed > 0, "{report:?}");
        assert_eq!(report.problem_count as usize, report.problems.len());
        assert!(report.problems.iter().all(|problem| problem.line > 1 && !problem.reason.is_empty()));
        let price = report.problems.iter().find(|problem| problem.line == 4).expect("the huge price");
        assert_eq!((price.handle.as_deref(), price.column.as_deref()), (Some("mug"), Some("Variant Price")));
        let products = shop.number("SELECT COUNT(*) FROM products").await;
        assert_eq!(products, i64::from(report.products_created));
        let written = shop.fingerprint().await;
        let again = import(&shop, BAD_ROWS, false).await;
        assert_eq!((again.products_created, again.products_updated), (0, 0));
        assert_eq!(again.problems, report.problems);
        shop.assert_unchanged(&written).await;
    }

    async fn attack_c32_formulas_stay_text_and_huge_prices_and_double_skus_are_refused(db: Database) {
        let shop = Shop::open(db).await;
        let taken = file("Handle,Title,Variant SKU,Variant Price", &["first,First,SKU-1,1.00"]);
        import(&shop, &taken, false).await;
        let csv = file(
            "Handle,Title,Body (HTML),Vendor,Tags,Option1 Name,Option1 Value,Variant SKU,Variant Price",
            &[
                "formula,=cmd|'/C calc'!A0,<p>=1+1<script>alert(1)</script></p>,@SUM(1),=tag,Size,+49,=SKU(),2.00",
                "huge,Huge,,,,,,,1000000000000",
                "fine-part,Parts,,,,Size,S,P-S,1.005",
                "fine-part,,,,,,M,P-M,1.00",
                "thief,Thief,,,,,,sku-1,3.00",
                "twice,Twice,,,,Size,S,T-1,1.00",
                "twice,,,,,,M,t-1,1.00",
            ],
        );
        let report = import(&shop, &csv, false).await;
        assert_eq!(products(&report), (3, 0, 0, 2), "{report:?}");
        let expected = [
            (3, "", "Product"),
            (3, "Variant Price", "Variant"),
            (4, "Variant Price", "Variant"),
            (6, "Variant SKU", "Product"),
            (8, "Variant SKU", "Variant"),
        ];
        let mut told = problems(&report);
        told.sort();
        assert_eq!(told, expected.map(|(line, column, skipped)| (line, column, skipped.to_owned())));
        let document = "{ product(slug: \"formula\") { title descriptionHtml tags brand { name } \
            variants { title sku } } }";
        let answer = shop.owner().query(document, json!({})).await.ok();
        assert_eq!(answer.text("product.title"), "=cmd|'/C calc'!A0");
        assert_eq!(answer.text("product.descriptionHtml"), "<p>=1+1</p>");
        assert_eq!(answer.text("product.brand.name"), "@SUM(1)");
        assert_eq!(answer.data("product.tags"), &json!(["=tag"]));
        assert_eq!(answer.data("product.variants.0"), &json!({ "title": "+49", "sku": "=SKU()" }));
        assert_eq!(shop.number("SELECT COUNT(*) FROM products WHERE slug = 'thief'").await, 0);
    }

    async fn handles_that_become_one_address_are_not_one_product(db: Database) {
        let shop = Shop::open(db).await;
        let csv = file("Handle,Title,Variant Price", &["blue_mug,One,1.00", "blue-mug,Two,2.00", "\u{2014},Three,3.00"]);
        let report = import(&shop, &csv, false).await;
        assert_eq!(products(&report), (1, 0, 0, 2));
        let told: Vec<_> = report.problems.iter().map(|problem| (problem.line, problem.column.as_deref())).collect();
        assert_eq!(told, [(3, Some("Handle")), (4, Some("Handle"))]);
    }

    async fn fault_a_file_that_breaks_off_leaves_whole_products(db: Database) {
        let shop = Shop::open(db).await;
        let open_quote = format!("{}\nlast,\"Last{}", OLD_DIALECT.trim_end(), "x".repeat(5 << 20));
        let report = import(&shop, &open_quote, false).await;
        assert!(report.stopped.as_deref().is_some_and(|why| why.contains("quote")), "{:?}", report.stopped);
        assert!(report.products_created >= 2);
        let whole = "SELECT COUNT(*) FROM products p WHERE NOT EXISTS \
            (SELECT 1 FROM product_variants v WHERE v.product_id = p.id)";
        assert_eq!(shop.number(whole).await, 0);
    }
}
