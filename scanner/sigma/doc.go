// Package sigma runs Sigma rules: it reads rules, filters and correlations as
// Sigma 2.1 defines them, compiles them once, and then says for each event
// which rules it matches. It knows nothing of log formats, files or reports.
//
//	collection := sigma.Parse("rule.yml", text)              // reads; problems name line and mend
//	set, problems := sigma.Compile(collection, sigma.Options{}) // immutable, shared
//	matcher := set.Matcher(sigma.LogSource{Product: "linux"})   // the rules for one kind of event
//	scratch := matcher.NewScratch()                           // one per goroutine
//	hits = matcher.Match(hits[:0], event, scratch)            // indices into set.Rules()
//
// # Events
//
// An Event answers for fields by number, in the order of Set.Fields, so that
// nothing is looked up by name while events pass. A field may have several
// values: a test holds if any value passes it, and a negation is about the
// whole. Absent, null and empty are three things. A Document makes an Event of
// decoded JSON.
//
// # What a rule means
//
// Values are compared whole and without regard to case, as Unicode folds it;
// `cased` and `re` regard it. `*` and `?` are wildcards, a backslash takes
// their meaning away. `*` demands a value: it does not match a field that is
// absent. `null` matches a field that is absent or null, the empty text one that
// is there and empty. Numbers are equal to values that are the same number (80 and
// 80.0); a plain scalar that is no decimal number to JSON (0123, yes, 0x10), or
// is a hexadecimal word as well (1e3), is compared as it is spelled. Field names
// regard case.
//
// Logic has two values: `not filter` holds where the field is absent, and
// `neq` is the negation of its whole item. Keywords look for their text in
// every value of the event. `1 of` and `all of` with a pattern skip searches
// whose name begins with _, and a pattern that stands for none is an error.
//
// Modifiers on regular expressions: `re` searches anywhere in the value, so
// contains, startswith and endswith behind it, which by the reference
// implementation add .* to the expression, change nothing. `$` matches before
// a final line break as well. `re|expand` puts the values of a list into an
// expression as they are, text of it, and each value makes an expression of its own, of
// which one must match; a value that is an alternation wants parentheses around its
// place: `(^|/)(%tools%)\s`. Flags may stand before or behind expand.
//
// Time parts (`hour`, `week`, ...) are read off the value as it is written; no
// zone is converted, and seconds since 1970 (or milliseconds, ...) are UTC.
// `fieldref` compares any value of one field with any of another.
//
// `cidr` takes a single address as the network of one. `windash` stands before
// or behind text modifiers and encodings alike: every dash is encoded in its
// own way.
//
// # What is refused
//
// Whatever cannot be run exactly is refused with line, reason and what to
// write instead: unknown modifiers and searches, look-around and
// back-references (regular expressions are RE2, so that no value can make one
// slow), networks with bits set behind the prefix, placeholders without
// values, field names of another taxonomy, filters that do not say for which rules they
// are, and the `timeframe` and `| count()` of Sigma 1, which correlations have replaced.
//
// # Correlations
//
// Correlations are read, checked and resolved here: Correlation.Members names
// rules of the set by index. To evaluate them one needs the matches of all
// events in the order of time, which is the business of another package.
//
// # Bounds
//
// Rules and values may be hostile. A file is at most MaxFileBytes long, and
// what its aliases, actions and modifiers multiply it to is bounded as well.
// Matching takes time proportional to the values. An event of up to 8 KiB is
// judged in full, by however many rules; of a larger one, what regular expressions
// and wildcards would take beyond Options.MatchBudget is not tried, and
// Scratch.OverBudget names the rules whose answer is not sure for that reason.
//
// # Where things are
//
// From text to rules:
//
//	parse.go header.go detection.go condition.go   a document, its header, its searches and what joins them
//	bounds.go                                      bounds that no value meets
//	filter.go correlation.go aggregation.go lists.go   the other kinds of document; what of Sigma 1 is refused
//	tree.go plainyaml.go flowyaml.go scalaryaml.go   YAML, and the short way for files that are plain
//	slabs.go                                       what its nodes are made of
//	yamlfault.go                                   what is wrong with YAML, and how to mend it
//	rule.go                                        what a rule is
//
// From rules to a Set:
//
//	compile.go resolve.go                          all rules together, and what correlations refer to
//	modifier.go encoding.go meaning.go             what modifiers make of values
//	placeholder.go wording.go                      values of lists in texts, and in expressions
//	pattern.go fold.go decimal.go regex.go         values as text, numbers and expressions
//	study.go required.go opening.go                what is known of an expression before it is asked
//	build.go buildtext.go valuetest.go             rules over one table of predicates
//	reduce.go plan.go analyse.go                   what is equal is one; the cheap is asked first
//
// From events to matches:
//
//	matcher.go witness.go index.go                 which rules an event may match
//	match.go asker.go automaton.go                 those that it does
//	expression.go lazydfa.go                       regular expressions
//	graph.go narrow.go fieldclasses.go             what the values of events decide, found out once
//	akin.go spoken.go                              events that have much in common
//	explain.go document.go                         which value it was; decoded JSON as an event
//
// # Speed
//
// Every question a rule asks of a field is a predicate, held once for all
// rules. A Matcher picks for each rule witnesses: predicates of which at
// least one must hold. It indexes those per field, and Match evaluates only rules
// with a witness that holds, lazily, each predicate at most once an event.
// Fields that Options.FieldCost calls dear are looked up only for rules that the
// cheap ones leave open.
//
// MatchAlike gives the same for streams of events that have much in common: it
// remembers what their values decide (see narrower), so that an event like one
// before costs a few comparisons. The benchmarks of this package measure both.
// Of events which a decoder says differ in named fields only (Akin), what the other
// fields decide is found out once for all of them, and Scratch.Varied says whether
// any rule depends on what differs. Rules with keywords, which look through all of an
// event, are matched apart, and Scratch.Unsettled says whether an event that differs in
// numbers might match otherwise.
//
// A regular expression is asked only of values that have the texts it needs; one that is
// asked often all the same is asked through a table of its states (see lazyDFA).
package sigma
