package kubeaudit

import "bytes"

// cutWords cuts off what stands before the next event where that does not follow at
// once: in a stream of syslog messages that are told apart by their lengths only
// (RFC 6587, octet counting) one line holds many. Without such an event it cuts nothing.
func cutWords(tail []byte) (words, rest []byte) {
	if text := bytes.TrimLeft(tail, " \t\r\n"); len(text) > 0 && text[0] != '{' && text[0] != '[' {
		if at := bytes.Index(tail, eventStart); at > 0 {
			return tail[:at], tail[at:]
		}
	}
	return nil, tail
}

// isFrame reports whether words begin like a syslog message behind its length.
func isFrame(words []byte) bool {
	rest := bytes.TrimLeft(words, "0123456789")
	return len(rest) < len(words) && bytes.HasPrefix(rest, []byte(" <"))
}
