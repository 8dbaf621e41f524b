// Package exposure builds the rotation list: one line for each credential, in
// one scope, with who got it, how, when, how surely, and what to do about it.
//
//	exposure.go   what findings exposed is gathered, by credential and certainty
//	named.go      several spellings of one pod are one line
//	twin.go       and so are the two kinds by which rules call a Secret of a registry
//	list.go       the lines, most urgent first, with advice
//	all.go        "all of them" is expanded to the names that are known
//
// # Certainty
//
// A line has the strongest certainty that anybody had: obtained before possible
// before attempted. Who is known with a weaker one only has tried. A line about all
// Secrets of a namespace does not swallow those about single ones, nor is it
// swallowed by one about the cluster: each tells what somebody was given.
//
// # Counting
//
// Several rules speak of one act; it is counted once, by the place of its record.
//
// # Bounds
//
// Lines, acts of a line and names are bounded, and what does not fit is counted.
// The result does not depend on the order in which findings come, but for the ids of
// findings that a line lists beyond finding.MaxActorFindings.
package exposure
