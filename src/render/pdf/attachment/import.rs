//! Copying the pages of one file, each object once.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

use super::super::scalar::integer;
use super::fault::AttachmentFault;
use super::sheet::{Sheet, inherited};

/// Name of what is drawn over a page.
const STAMP: &[u8] = b"KaiinStamp";

/// What went wrong with one page.
pub(super) enum PutError {
    Pdf(lopdf::Error),
    Fault(AttachmentFault),
}

impl From<lopdf::Error> for PutError {
    fn from(error: lopdf::Error) -> Self {
        Self::Pdf(error)
    }
}

impl From<AttachmentFault> for PutError {
    fn from(fault: AttachmentFault) -> Self {
        Self::Fault(fault)
    }
}

/// Copies objects of one file, each once.
pub(super) struct Import<'s> {
    source: &'s Document,
    /// Their number to ours.
    ids: BTreeMap<ObjectId, ObjectId>,
}

impl<'s> Import<'s> {
    pub(super) fn of(source: &'s Document) -> Self {
        Self { source, ids: BTreeMap::new() }
    }

    /// Makes one of our pages theirs, with what we drew above it.
    pub(super) fn page(&mut self, pdf: &mut Document, own: ObjectId, their: ObjectId) -> Result<(), PutError> {
        let sheet = Sheet::of(self.source, their)?;
        let stamp = stamp_of(pdf, own, sheet.seen())?;
        let mut resources = match inherited(self.source, their, b"Resources") {
            Some(Object::Dictionary(found)) => found.clone(),
            _ => Dictionary::new(),
        };
        let mut forms = resources.get(b"XObject").ok().and_then(|forms| self.source.dereference(forms).ok());
        let mut forms = match forms.take() {
            Some((_, Object::Dictionary(found))) => found.clone(),
            _ => Dictionary::new(),
        };
        forms = self.copied_dictionary(pdf, &forms);
        forms.set(STAMP, Object::Reference(stamp));
        resources.remove(b"XObject");
        let mut resources = self.copied_dictionary(pdf, &resources);
        resources.set("XObject", forms);
        let contents = self.contents(pdf, their, &sheet);
        let boxes = self.boxes(their);
        let annotations = self.annotations(pdf, their);
        let group =
            self.source.get_dictionary(their)?.get(b"Group").ok().cloned().map(|group| self.copied(pdf, &group));
        let page = pdf.get_dictionary_mut(own)?;
        page.remove(b"Annots");
        page.set("Resources", resources);
        page.set("Contents", contents);
        for (key, value) in boxes {
            page.set(key, value);
        }
        if let Some(group) = group {
            page.set("Group", group);
        }
        if !annotations.is_empty() {
            page.set("Annots", annotations);
        }
        Ok(())
    }

    /// Their content between `q` and `Q`, then our stamp.
    fn contents(&mut self, pdf: &mut Document, their: ObjectId, sheet: &Sheet) -> Object {
        let text = |pdf: &mut Document, text: String| {
            Object::Reference(pdf.add_object(Stream::new(Dictionary::new(), text.into_bytes())))
        };
        let mut parts = vec![text(pdf, "q\n".into())];
        for id in self.source.get_page_contents(their) {
            parts.push(Object::Reference(self.reference(pdf, id)));
        }
        let matrix = sheet.matrix().map(|number| number.to_string()).join(" ");
        parts.push(text(pdf, format!("\nQ\nq {matrix} cm /{} Do Q\n", String::from_utf8_lossy(STAMP))));
        Object::Array(parts)
    }

    /// Sheet, visible part and turn.
    fn boxes(&self, their: ObjectId) -> Vec<(&'static str, Object)> {
        let keys: [(&'static str, &[u8]); 4] =
            [("MediaBox", b"MediaBox"), ("CropBox", b"CropBox"), ("Rotate", b"Rotate"), ("UserUnit", b"UserUnit")];
        let resolved = |object: &Object| match object {
            Object::Array(items) => Object::Array(
                items
                    .iter()
                    .filter_map(|item| self.source.dereference(item).ok())
                    .map(|(_, item)| item.clone())
                    .collect(),
            ),
            other => other.clone(),
        };
        keys.into_iter().filter_map(|(name, key)| Some((name, resolved(inherited(self.source, their, key)?)))).collect()
    }

    /// What was written into forms or put on the page has an appearance; links, actions and windows of comments stay behind.
    fn annotations(&mut self, pdf: &mut Document, their: ObjectId) -> Vec<Object> {
        let Ok(found) = self.source.get_page_annotations(their) else { return Vec::new() };
        let mut out = Vec::new();
        for annotation in found {
            let kind = annotation.get(b"Subtype").and_then(Object::as_name).unwrap_or_default();
            if !annotation.has(b"AP") || [&b"Link"[..], b"Popup"].contains(&kind) {
                continue;
            }
            let mut kept = Dictionary::new();
            for key in ["Type", "Subtype", "Rect", "AP", "AS", "F", "BS", "Border", "C"] {
                if let Ok(value) = annotation.get(key.as_bytes()) {
                    kept.set(key, self.copied(pdf, value));
                }
            }
            out.push(Object::Reference(pdf.add_object(kept)));
        }
        out
    }

    /// Our number of one of their objects, which is copied with all that it refers to.
    fn reference(&mut self, pdf: &mut Document, their: ObjectId) -> ObjectId {
        if let Some(own) = self.ids.get(&their) {
            return *own;
        }
        let first = self.number(pdf, their);
        // Not by recursion: files refer in chains as long as they like.
        let mut waiting = vec![their];
        while let Some(id) = waiting.pop() {
            let object = self.source.objects.get(&id).cloned().unwrap_or(Object::Null);
            let mut met = BTreeSet::new();
            collect(&object, &mut met);
            for other in met {
                if !self.ids.contains_key(&other) && !is_page_node(self.source, other) {
                    self.number(pdf, other);
                    waiting.push(other);
                }
            }
            let own = self.ids[&id];
            pdf.objects.insert(own, self.renumbered(&object));
        }
        first
    }

    fn number(&mut self, pdf: &mut Document, their: ObjectId) -> ObjectId {
        let own = pdf.new_object_id();
        self.ids.insert(their, own);
        own
    }

    /// A value with all that it refers to.
    fn copied(&mut self, pdf: &mut Document, value: &Object) -> Object {
        let mut met = BTreeSet::new();
        collect(value, &mut met);
        for id in met {
            if !is_page_node(self.source, id) {
                self.reference(pdf, id);
            }
        }
        self.renumbered(value)
    }

    fn copied_dictionary(&mut self, pdf: &mut Document, value: &Dictionary) -> Dictionary {
        match self.copied(pdf, &Object::Dictionary(value.clone())) {
            Object::Dictionary(copied) => copied,
            _ => Dictionary::new(),
        }
    }

    /// The same with our numbers; what was not copied is null.
    fn renumbered(&self, value: &Object) -> Object {
        match value {
            Object::Reference(id) => self.ids.get(id).map_or(Object::Null, |own| Object::Reference(*own)),
            Object::Array(items) => Object::Array(items.iter().map(|item| self.renumbered(item)).collect()),
            Object::Dictionary(entries) => Object::Dictionary(self.renumbered_entries(entries)),
            Object::Stream(stream) => {
                let mut stream = stream.clone();
                stream.dict = self.renumbered_entries(&stream.dict);
                Object::Stream(stream)
            }
            other => other.clone(),
        }
    }

    fn renumbered_entries(&self, entries: &Dictionary) -> Dictionary {
        let mut out = Dictionary::new();
        for (key, value) in entries {
            out.set(key.clone(), self.renumbered(value));
        }
        out
    }
}

/// The objects that a value refers to.
fn collect(value: &Object, met: &mut BTreeSet<ObjectId>) {
    match value {
        Object::Reference(id) => drop(met.insert(*id)),
        Object::Array(items) => items.iter().for_each(|item| collect(item, met)),
        Object::Dictionary(entries) => entries.iter().for_each(|(_, entry)| collect(entry, met)),
        Object::Stream(stream) => stream.dict.iter().for_each(|(_, entry)| collect(entry, met)),
        _ => {}
    }
}

/// Whether an object is a page or holds pages: a copy that reached one would take the whole file along.
fn is_page_node(pdf: &Document, id: ObjectId) -> bool {
    let kind = pdf.get_dictionary(id).and_then(|object| object.get(b"Type")).and_then(Object::as_name);
    kind.is_ok_and(|kind| [&b"Page"[..], b"Pages", b"Catalog", b"StructTreeRoot", b"StructElem"].contains(&kind))
}

/// What we drew on a page, as a form to be drawn above another one.
fn stamp_of(pdf: &mut Document, page: ObjectId, (width, height): (f32, f32)) -> Result<ObjectId, lopdf::Error> {
    let content = pdf.get_page_content(page);
    for part in pdf.get_page_contents(page) {
        pdf.objects.remove(&part);
    }
    let resources =
        pdf.get_dictionary(page)?.get(b"Resources").cloned().unwrap_or(Object::Dictionary(Dictionary::new()));
    let mut form = Dictionary::new();
    form.set("Type", "XObject");
    form.set("Subtype", "Form");
    form.set("FormType", integer(1));
    form.set("BBox", vec![Object::Real(0.0), Object::Real(0.0), Object::Real(width), Object::Real(height)]);
    form.set("Resources", resources);
    Ok(pdf.add_object(Stream::new(form, content)))
}
