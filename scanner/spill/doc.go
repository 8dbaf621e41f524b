// Package spill sorts more than memory has room for.
//
// A scan may find ten million things, and reports want them in order of time. A Sorter
// takes them one by one; beyond its limit it writes what it holds to a temporary file
// in order, a run, and begins anew. To be read, runs are merged: each is read from its
// beginning, and the least of what stands at their heads is next. Runs that become many
// are merged to larger ones before.
//
// The files are unlinked as soon as they are open: nothing is left behind, however the
// process ends. They are read by the process that wrote them, and lie in TMPDIR in
// binary; a disk that gives back something else costs an error.
//
//	sorter.go  Sorter: any number of items in order
//	runs.go    Runs: the files, and when they are merged
//	merger.go  Merger: several readers in one order
//	coder.go   Coder: what a run has of an item
//	memory.go  when memory is short
package spill
