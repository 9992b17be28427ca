//! Pictures and films.

use entity::catalog::product_media;
use rules::ids::ProductMediaId;
use rules::states::MediaKind;
use rules::{ErrorCode, Problems};

use super::super::draft::{Change, MAX_MEDIA, MediaDraft, Others};
use super::options::take;
use super::{Mint, ProductAggregate};

impl ProductAggregate {
    /// Gives the product these media. Those that were there under the same address keep their ids.
    pub fn set_media(&mut self, wanted: &[MediaDraft], others: Others, mint: &Mint<'_>, problems: &mut Problems) {
        let mut old = std::mem::take(&mut self.media);
        for draft in wanted {
            let mut medium = take(&mut old, |old| old.url == draft.url).unwrap_or_else(|| self.new_medium(mint));
            medium.url.clone_from(&draft.url);
            put(draft, &mut medium);
            self.media.push(medium);
        }
        match others {
            Others::Keep => self.media.append(&mut old),
            Others::Remove => self.forget_media(),
        }
        self.number_media(problems);
    }

    /// Adds media behind those that are there, and gives their ids.
    pub fn add_media(
        &mut self,
        wanted: &[MediaDraft],
        mint: &Mint<'_>,
        problems: &mut Problems,
    ) -> Vec<ProductMediaId> {
        let mut ids = Vec::with_capacity(wanted.len());
        for draft in wanted {
            let mut medium = self.new_medium(mint);
            medium.url.clone_from(&draft.url);
            put(draft, &mut medium);
            ids.push(medium.id);
            self.media.push(medium);
        }
        self.number_media(problems);
        ids
    }

    /// Changes one medium. Says whether it is there.
    pub fn change_medium(&mut self, id: ProductMediaId, url: &Change<String>, draft: &MediaDraft) -> bool {
        match self.media.iter_mut().find(|medium| medium.id == id) {
            Some(medium) => {
                url.put(&mut medium.url);
                put(draft, medium);
                true
            }
            None => false,
        }
    }

    /// Takes one medium away, also from the variants that it shows. Gives what it was.
    pub fn remove_medium(&mut self, id: ProductMediaId) -> Option<product_media::Model> {
        let removed = take(&mut self.media, |medium| medium.id == id)?;
        self.forget_media();
        self.renumber();
        Some(removed)
    }

    /// Puts the media into another order; it must name each of them once.
    pub fn order_media(&mut self, ids: &[ProductMediaId], problems: &mut Problems) {
        let mut old = std::mem::take(&mut self.media);
        for (index, id) in ids.iter().enumerate() {
            let path = format!("mediaIds.{index}");
            match take(&mut old, |medium| medium.id == *id) {
                Some(medium) => self.media.push(medium),
                None if ids[..index].contains(id) => {
                    problems.add(ErrorCode::Duplicate, &path, "Name each medium once.");
                }
                None => problems.add(ErrorCode::NotFound, &path, "There is no such medium here."),
            }
        }
        if !old.is_empty() {
            problems.add(ErrorCode::Required, "mediaIds", "Name every medium of the product.");
        }
        self.renumber();
    }

    /// Takes what is no longer there from the variants.
    fn forget_media(&mut self) {
        for variant in &mut self.variants {
            variant.row.media_id = variant.row.media_id.filter(|id| self.media.iter().any(|medium| medium.id == *id));
        }
    }

    fn number_media(&mut self, problems: &mut Problems) {
        if self.media.len() > MAX_MEDIA {
            let message = format!("With those that are there, it would have more than {MAX_MEDIA} media.");
            problems.add(ErrorCode::LimitReached, "media", message);
        }
        self.renumber();
    }

    fn renumber(&mut self) {
        for (position, medium) in (0..).zip(&mut self.media) {
            medium.position = position;
        }
    }

    fn new_medium(&self, mint: &Mint<'_>) -> product_media::Model {
        product_media::Model {
            store_id: self.product.store_id,
            id: mint.id(),
            product_id: self.product.id,
            kind: MediaKind::Image,
            url: String::new(),
            alt: None,
            position: 0,
            width: None,
            height: None,
            created_at: mint.now,
            updated_at: mint.now,
        }
    }
}

/// Puts a draft over a medium, but for the address.
fn put(draft: &MediaDraft, medium: &mut product_media::Model) {
    draft.alt.put(&mut medium.alt);
    draft.kind.put(&mut medium.kind);
    draft.width.put(&mut medium.width);
    draft.height.put(&mut medium.height);
}
