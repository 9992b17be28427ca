//! The same through GraphQL.

use rules::permission::Permission::{CollectionsManage, InventoryManage, PricesManage, ProductsManage};

use super::*;

both! {
    async fn a_small_file_goes_in_by_mutation(db: Database) {
        let shop = Shop::open(db).await;
        let staff = shop.staff([ProductsManage, PricesManage, InventoryManage, CollectionsManage]).await;
        let tried = send(&staff, OLD_DIALECT, true).await.ok();
        assert_eq!(tried.number("productsImport.report.productsCreated"), 3);
        assert_eq!(shop.number("SELECT COUNT(*) FROM products").await, 0);
        let done = send(&staff, OLD_DIALECT, false).await.ok();
        assert_eq!(done.number("productsImport.report.productsCreated"), 3);
        assert_eq!(shop.number("SELECT COUNT(*) FROM products").await, 3);
        let again = send(&staff, OLD_DIALECT, false).await.ok();
        assert_eq!(again.number("productsImport.report.productsUnchanged"), 3);
    }

    async fn columns_need_the_permission_of_what_they_change(db: Database) {
        let shop = Shop::open(db).await;
        let all = [ProductsManage, PricesManage, InventoryManage, CollectionsManage];
        let mut refused = Vec::new();
        for lacking in all {
            let staff = shop.staff(all.into_iter().filter(|permission| *permission != lacking)).await;
            refused.push((staff, lacking));
        }
        for (staff, lacking) in &refused {
            let answer = send(staff, OLD_DIALECT, false).await;
            assert_eq!(answer.code(), "FORBIDDEN", "{lacking}: {answer}");
        }
        assert_eq!(shop.number("SELECT COUNT(*) FROM products").await, 0);
        let plain = file("Handle,Title,Tags", &["mug,Mug,new"]);
        send(&shop.staff([ProductsManage]).await, &plain, false).await.ok();
        assert_eq!(send(&shop.anonymous(), &plain, false).await.code(), "UNAUTHENTICATED");
        assert_eq!(send(&shop.rival().in_store("linden"), &plain, false).await.code(), "FORBIDDEN");
    }

    async fn a_file_that_is_none_is_a_problem_of_the_input(db: Database) {
        let shop = Shop::open(db).await;
        for csv in ["", "a;b;c\n1;2;3", "Title\nMug", "Handle,Handle,Title\na,a,b"] {
            let answer = send(&shop.owner(), csv, false).await;
            assert_eq!(answer.user_error("productsImport"), "INVALID csv", "{csv}");
        }
        let rows: Vec<String> = (0..201).map(|number| format!("p-{number},P,1.00")).collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let before = shop.fingerprint().await;
        let answer = send(&shop.owner(), &file("Handle,Title,Variant Price", &rows), false).await;
        assert_eq!(answer.user_error("productsImport"), "TOO_LONG csv");
        shop.assert_unchanged(&before).await;
    }
}
