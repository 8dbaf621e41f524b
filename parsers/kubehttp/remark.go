package kubehttp

import "tideline/parsers"

// codeCut is what is said of a line whose end is missing; the reader knows better
// where it was lost.
const codeCut = "line.truncated_tail"

// lost is what is said of a line of which no request can be made.
func lost(cut bool) error {
	if cut {
		return &parsers.RecordError{Code: codeCut, Reason: "the line was cut before the end of the request's address"}
	}
	return &parsers.RecordError{Code: "klog.no_request", Reason: "a line of an HTTP request from which its method or its address is missing",
		Lift: "a copy of the log in which nobody left out the middle of lines, as systemctl status does"}
}

// remark is what has to be said of a line whose event was emitted, or nil.
func (a *access) remark(cut bool, damage error) error {
	switch {
	case cut:
		return &parsers.RecordError{Code: codeCut, Kept: true, Reason: "the end of the line is missing, and may be what said how the request ended"}
	case damage != nil:
		return &parsers.RecordError{Code: "json.damaged", Kept: true, Reason: "only the members before the damage were read", Err: damage}
	case a.unclosed:
		return &parsers.RecordError{Code: "klog.unclosed_quote", Kept: true, Reason: "the last quoted value has no end: the line was cut"}
	case a.dropped:
		return &parsers.RecordError{Code: "klog.too_many_keys", Kept: true, Reason: "the line has more than 256 keys; those behind were not searched",
			Lift: "reading the line by hand: it has more keys than any component writes"}
	case a.ambiguous:
		return &parsers.RecordError{Code: "klog.ambiguous", Note: true, Kept: true,
			Reason: "a line of the unquoted form of Kubernetes up to 1.17 has two answers in it, of which the client wrote one: its status was believed in neither"}
	}
	return nil
}
