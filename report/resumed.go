package report

import (
	"strings"
	"unicode/utf8"
)

// leastQuote is how much of a command a sentence must hold for its place in it to be
// known. A shorter command is not cut.
const leastQuote = 24

// resumed is a sentence in which a command was cut, with as much of the masked command
// as there is room for. Sentences are cut before secrets are masked, and a token of a
// service account alone is longer than what may be quoted: what it was used for comes
// behind it. told and command are as they were, and masked and maskedCommand as they are
// to be shown. lead masks what stands before the command.
func resumed(told, command, masked, maskedCommand string, lead func(string) string) string {
	cut := strings.LastIndex(told, "…")
	if cut < 0 || masked == told || maskedCommand == "" || len(command) < leastQuote {
		return masked
	}
	head, tail := told[:cut], told[cut+len("…"):]
	from := quoteStart(head, command)
	if from < 0 || strings.Contains(tail, "[masked:") || !strings.HasSuffix(masked, "…"+tail) {
		return masked
	}
	room := utf8.RuneCountInString(head[from:])
	shown := maskedCommand
	if utf8.RuneCountInString(shown) > room {
		shown = upTo(shown, room)
	}
	return lead(head[:from]) + shown + tail
}

// quoteStart is where in head the command begins that head breaks off in, or -1.
func quoteStart(head, command string) int {
	for at := 0; at+leastQuote <= len(head); {
		i := strings.Index(head[at:], command[:leastQuote])
		if i < 0 {
			return -1
		}
		if at += i; strings.HasPrefix(command, head[at:]) {
			return at
		}
		at++
	}
	return -1
}

// upTo is the first room runes of s, with the sign that it was cut. The mark of a masked
// secret is not cut.
func upTo(s string, room int) string {
	cut := 0
	for i := range s {
		if cut = i; room == 0 {
			break
		}
		room--
	}
	const mark = "[masked:"
	for at := 0; ; {
		open := strings.Index(s[at:], mark)
		if open < 0 || at+open >= cut {
			break
		}
		length := strings.IndexByte(s[at+open:], ']') + 1
		if length == 0 {
			break
		}
		if at += open + length; at > cut {
			cut = at
		}
	}
	return s[:cut] + "…"
}
