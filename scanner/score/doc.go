// Package score says how bad a finding and an actor are, from 0 to 100, and
// why, in points that add up.
//
// # Findings
//
// A finding starts with the points its rule gives it, or those of its level
// (see Weight). The rule's own adjustments follow, then the context that holds
// for every rule. An act that was refused or failed weighs less; one on the
// secrets, accounts and pods of kube-system or on a secret whose name promises
// more access, from a public address with a workload's identity, or by a member
// of system:masters weighs more. What the actor never did before weighs more,
// what a baseline knows or an operator does as usual less, and what belongs to
// an announced engagement is labelled and weighs a fifth. What a log tells that
// names no user of the cluster weighs seven tenths, unless it was asked of a kubelet
// itself. Repetition adds a little.
//
// # Actors
//
// The findings of an actor are sorted by score and summed with falling weight,
// the i-th by 1/i^1.5, as Elastic's entity risk scoring does, so that thousands
// of weak findings never outrank a few strong ones. Breadth over ATT&CK
// tactics, correlations and independent log sources add points, and one strong
// finding sets a floor: one of the band high makes an actor at least medium.
// Repeated rules of one family on one target count half.
package score
