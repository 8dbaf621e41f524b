// Package finding holds the words of the domain: what a scan finds, who did
// it, what was taken, and what was read. It is a leaf: plain data, no
// behaviour beyond naming and ordering, so that the scanner, the reports and
// the batch state mean the same by the same word.
//
//	Hit       a rule that matched an event, with the evidence; collect yields them
//	Finding   a scored hit or correlation, folded over repetitions; reports show them
//	Actor     who: a principal with the addresses and clients it used
//	Exposure  a credential, and who got it: the rotation list
//	Entry     of the ledger: what became of one source, byte by byte
//	Coverage  which rules could have fired, and which could not, and why
//	Overview  everything a report says besides its findings
//
// The JSON forms are those of schema tideline.finding/1 and
// tideline.report/1: adding a key is allowed, changing one needs a new number.
package finding
