package auditd

import "bytes"

// What is said of lines that are no records.

// isSeparator recognises "----" and "time->Sat Mar  1 10:00:00 2025". Between lines
// that do not follow one another, grep puts "--".
func isSeparator(data []byte) bool {
	return string(data) == "----" || bytes.HasPrefix(data, []byte("time->"))
}

// saysLost recognises the kernel's own messages about records it could not keep
// (audit_log_lost and kauditd_printk_skb in kernel/audit.c), and those of auditd
// and its dispatcher about events they could not pass on.
func saysLost(data []byte) bool {
	head := data[:min(len(data), headLen)]
	if !bytes.Contains(head, markJournal) && !bytes.Contains(head, []byte("audisp")) {
		return false
	}
	for _, words := range lostWords {
		if bytes.Contains(head, words) {
			return true
		}
	}
	return false
}

var lostWords = [][]byte{
	[]byte("audit: backlog limit exceeded"), []byte("audit: rate limit exceeded"), []byte("audit: audit_lost="),
	[]byte("audit: audit_backlog="), []byte("audit: kauditd hold queue overflow"), []byte("audit_printk_skb: "), []byte("kauditd_printk_skb: "),
	[]byte("is full - dropping event"), []byte("(pipe full) event lost"),
}

// damaged reports whether a line that could not be read is an audit record.
func damaged(data []byte, cut bool) bool {
	head := data[:min(len(data), headLen)]
	return bytes.Contains(head, []byte("msg=audit(")) || cut && (bytes.HasPrefix(head, markType) || bytes.HasPrefix(head, markNode))
}

// embedded finds a JSON object behind the prefix of a syslog line; -1 if there
// is none.
func embedded(data []byte) int {
	i := bytes.IndexByte(data[:min(len(data), headLen)], '{')
	if i <= 0 || data[i-1] != ' ' || data[len(data)-1] != '}' {
		return -1
	}
	return i
}
