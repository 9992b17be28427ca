//! Documents of promotions and discount codes.

use rules::permission::Permission::{PromotionsManage, PromotionsRead};

use super::Rightful::May;
use super::{Entry, document};
use crate::harness::{Shop, json};
use crate::promotions::{promotion, promotion_with_code, variant};

/// A promotion that its codes open, and one of them.
async fn with_code(shop: &Shop) -> (String, String) {
    promotion_with_code(&shop.owner(), json!({ "name": shop.word() }), json!({ "code": shop.word() })).await
}

pub fn documents() -> Vec<Entry> {
    vec![
        document!("promotion", May(&[PromotionsRead]), shop, _ => json!({ "id": with_code(shop).await.0 })),
        document!("promotions", May(&[PromotionsRead]), shop, _ => {
            with_code(shop).await;
            json!({ "first": 100, "filter": { "status": "ACTIVE" } })
        }),
        document!("promotionPreview", May(&[PromotionsRead]), shop, _ => {
            let (disabled, lines) = (promotion(&shop.owner(), json!({ "enabled": false })).await, [variant(shop, "5").await]);
            let lines: Vec<_> = lines.iter().map(|id| json!({ "variantId": id, "quantity": 2 })).collect();
            json!({ "input": { "lines": lines, "codes": ["nosuch"], "disabledPromotionIds": [disabled] } })
        }),
        document!("promotionCreate", May(&[PromotionsManage]), shop, _ => {
            let of = json!({ "anyOf": [{ "variantId": variant(shop, "5").await }, { "brandId": shop.brand(&shop.word()).await }] });
            let gift = json!({ "gift": { "variantId": variant(shop, "1").await } });
            json!({ "input": { "name": shop.word(), "condition": { "all": [{ "contains": of }] }, "action": gift } })
        }),
        document!("promotionUpdate", May(&[PromotionsManage]), shop, _ => {
            let input = json!({ "condition": { "not": { "firstOrder": true } }, "caps": { "maximumUses": 5 } });
            json!({ "id": with_code(shop).await.0, "input": input, "expectedVersion": 1 })
        }),
        document!("promotionDelete", May(&[PromotionsManage]), shop, _ => json!({ "id": with_code(shop).await.0 })),
        document!("discountCode", May(&[PromotionsRead]), shop, _ => json!({ "id": with_code(shop).await.1 })),
        document!("discountCodes", May(&[PromotionsRead]), shop, _ => {
            with_code(shop).await;
            json!({ "first": 100, "filter": { "enabled": true } })
        }),
        document!("discountCodeCreate", May(&[PromotionsManage]), shop, _ => {
            json!({ "input": { "promotionId": with_code(shop).await.0, "code": shop.word(), "usageLimit": 1 } })
        }),
        document!("discountCodesGenerate", May(&[PromotionsManage]), shop, _ => {
            json!({ "input": { "promotionId": with_code(shop).await.0, "count": 3, "prefix": "GIFT-" } })
        }),
        document!("discountCodeUpdate", May(&[PromotionsManage]), shop, _ => {
            json!({ "id": with_code(shop).await.1, "input": { "usageLimit": 7 }, "expectedVersion": 1 })
        }),
        document!("discountCodeDelete", May(&[PromotionsManage]), shop, _ => json!({ "id": with_code(shop).await.1 })),
    ]
}
