//! No two files lean on each other. A file may use what the folder that it is a part of declares; beside that, what it uses must do
//! without it, so that each can be read, and changed, after what it rests on.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use syn::{
    Attribute, Item, ItemUse, UseTree,
    visit::{self, Visit},
};

/// `store::kpi`, of `src/store/kpi/mod.rs` or `src/store/kpi.rs`.
type Module = Vec<String>;

/// What a file declares and names.
#[derive(Default)]
struct Names {
    declared: BTreeSet<String>,
    /// What each imported name is called where it comes from.
    imported: BTreeMap<String, Module>,
    /// `*`
    everything_of: Vec<Module>,
    named: BTreeSet<Module>,
}

struct Reader<'a> {
    module: &'a Module,
    names: Names,
}

impl Reader<'_> {
    /// From the top of the crate; none of another crate, nor of a bare name.
    fn absolute(&self, path: &[String]) -> Option<Module> {
        let mut path = path.to_vec();
        let mut base = match path.first()?.as_str() {
            "crate" => Module::new(),
            "self" | "super" => self.module.clone(),
            _ => return None,
        };
        while let Some("crate" | "self" | "super") = path.first().map(String::as_str) {
            if path.remove(0) == "super" {
                base.pop();
            }
        }
        base.extend(path);
        Some(base)
    }

    fn import(&mut self, tree: &UseTree, before: &[String]) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.import(&path.tree, &with(&path.ident)),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.import(tree, before)),
            UseTree::Name(name) if name.ident == "self" => self.take(before.last().cloned(), before),
            UseTree::Name(name) => self.take(Some(name.ident.to_string()), &with(&name.ident)),
            UseTree::Rename(name) => self.take(Some(name.rename.to_string()), &with(&name.ident)),
            UseTree::Glob(_) => {
                if let Some(path) = self.or_own(before) {
                    self.names.everything_of.push(path);
                }
            }
        }
    }

    fn take(&mut self, name: Option<String>, path: &[String]) {
        if let (Some(name), Some(path)) = (name, self.or_own(path)) {
            self.names.imported.insert(name, path);
        }
    }

    /// `use part::Name` of a part of this module begins with its name.
    fn or_own(&self, path: &[String]) -> Option<Module> {
        self.absolute(path).or_else(|| Some([self.module.as_slice(), path].concat()))
    }
}

fn is_test(attributes: &[Attribute]) -> bool {
    let mut attributes = attributes.iter().filter(|one| one.path().is_ident("cfg"));
    attributes.any(|one| one.parse_args::<syn::Path>().is_ok_and(|what| what.is_ident("test")))
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let (attributes, name) = match item {
            Item::Const(item) => (&item.attrs, Some(&item.ident)),
            Item::Enum(item) => (&item.attrs, Some(&item.ident)),
            Item::Fn(item) => (&item.attrs, Some(&item.sig.ident)),
            Item::Macro(item) => (&item.attrs, item.ident.as_ref()),
            Item::Mod(item) => (&item.attrs, None),
            Item::Static(item) => (&item.attrs, Some(&item.ident)),
            Item::Struct(item) => (&item.attrs, Some(&item.ident)),
            Item::Trait(item) => (&item.attrs, Some(&item.ident)),
            Item::Type(item) => (&item.attrs, Some(&item.ident)),
            Item::Use(item) => (&item.attrs, None),
            _ => return visit::visit_item(self, item),
        };
        if !is_test(attributes) {
            self.names.declared.extend(name.map(ToString::to_string));
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let before: Module = Module::new();
        let imported = std::mem::take(&mut self.names.imported);
        let globs = self.names.everything_of.len();
        self.import(&item.tree, &before);
        // What is only handed on is named by whoever takes it.
        if matches!(item.vis, syn::Visibility::Inherited) {
            self.names.named.extend(self.names.imported.values().cloned());
            self.names.named.extend(self.names.everything_of[globs..].iter().cloned());
        }
        self.names.imported.extend(imported);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let path_names: Vec<String> = path.segments.iter().map(|one| one.ident.to_string()).collect();
        if path_names.len() > 1 {
            let own = self.names.imported.contains_key(&path_names[0]);
            let found = self.absolute(&path_names);
            self.names.named.extend(found.or_else(|| (!own).then(|| [self.module.as_slice(), &path_names].concat())));
        }
        visit::visit_path(self, path);
    }
}

type Files = BTreeMap<Module, Names>;

fn read(folder: &Path, module: &Module, files: &mut Files) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        let inner: Module = match stem.as_str() {
            "mod" | "lib" => module.clone(),
            "main" | "tests" | "properties" => continue,
            _ => [module.as_slice(), &[stem]].concat(),
        };
        if path.is_dir() {
            read(&path, &inner, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let file = syn::parse_file(&fs::read_to_string(&path).unwrap()).unwrap();
            let mut reader = Reader { module: &inner, names: Names::default() };
            reader.visit_file(&file);
            let names = reader.names;
            files.insert(inner, names);
        }
    }
}

/// The file that declares what a path names, however often it is handed on.
fn home(files: &Files, path: &[String], steps: usize) -> Option<Module> {
    let length = (0..=path.len()).rev().find(|length| files.contains_key(&path[..*length]))?;
    let (module, rest) = path.split_at(length);
    let names = &files[module];
    let Some(first) = rest.first() else { return Some(module.to_vec()) };
    if names.declared.contains(first) || steps == 0 {
        return names.declared.contains(first).then(|| module.to_vec());
    }
    if let Some(from) = names.imported.get(first) {
        return home(files, &[from, &rest[1..]].concat(), steps - 1);
    }
    names.everything_of.iter().find_map(|from| home(files, &[from, rest].concat(), steps - 1))
}

fn arrows(files: &Files) -> BTreeMap<Module, BTreeSet<Module>> {
    let of = |(module, names): (&Module, &Names)| {
        let homes = names.named.iter().filter_map(|path| home(files, path, 8));
        (module.clone(), homes.filter(|home| !module.starts_with(home)).collect())
    };
    files.iter().map(of).collect()
}

fn reached(arrows: &BTreeMap<Module, BTreeSet<Module>>, from: &Module) -> BTreeSet<Module> {
    let mut pending = vec![from];
    let mut found = BTreeSet::new();
    while let Some(next) = pending.pop() {
        pending.extend(arrows[next].iter().filter(|one| found.insert((*one).clone())));
    }
    found
}

#[test]
fn no_two_files_lean_on_each_other() {
    let mut files = Files::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &Module::new(), &mut files);
    let arrows = arrows(&files);
    let drawn: usize = arrows.values().map(BTreeSet::len).sum();
    assert!(drawn > 2_000, "{drawn} arrows: are they still found?");
    let reached: BTreeMap<&Module, BTreeSet<Module>> =
        arrows.keys().map(|module| (module, reached(&arrows, module))).collect();
    let mut circles: BTreeSet<Vec<String>> = BTreeSet::new();
    for module in arrows.keys().filter(|module| reached[*module].contains(*module)) {
        let inside = |other: &&Module| reached[module].contains(*other) && reached[*other].contains(module);
        let circle: Vec<&Module> = arrows.keys().filter(inside).collect();
        let said = |one: &&Module| {
            let uses: Vec<String> =
                arrows[*one].iter().filter(|used| circle.contains(used)).map(|used| used.join("/")).collect();
            format!("{} uses {}", one.join("/"), uses.join(", "))
        };
        circles.insert(circle.iter().map(said).collect());
    }
    assert!(circles.is_empty(), "{} circles; move what both need to where neither is: {circles:#?}", circles.len());
}
