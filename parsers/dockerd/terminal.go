package dockerd

import "bytes"

// levels are what logrus abbreviates on a terminal.
var levels = []struct {
	short string
	long  []byte
}{
	{"TRAC", []byte("trace")}, {"DEBU", []byte("debug")}, {"INFO", []byte("info")}, {"WARN", []byte("warning")},
	{"ERRO", []byte("error")}, {"FATA", []byte("fatal")}, {"PANI", []byte("panic")},
}

// readTerminal reads the form that logrus writes to a terminal,
//
//	DEBU[2025-03-01T10:00:00.123456789Z] Calling GET /_ping     key=value
//
// with or without its colours. In the brackets stands a time, or the seconds
// since the daemon started, of which no time can be made.
func (l *line) readTerminal(s []byte) bool {
	if len(s) > 0 && s[0] == 0x1b {
		s = l.plain(s)
	}
	level := terminalLevel(s)
	if level == nil {
		return false
	}
	end := bytes.IndexByte(s[:min(len(s), 64)], ']')
	if end < 0 {
		return false
	}
	stamp, rest := s[5:end], s[end+1:]
	l.add([]byte("level"), level)
	if isStamp(stamp) {
		l.add([]byte("time"), stamp)
	}
	at := pairsAt(rest)
	l.add([]byte("msg"), bytes.TrimSpace(rest[:at]))
	l.readPairs(rest[at:])
	return true
}

func terminalLevel(s []byte) []byte {
	if len(s) < 6 || s[4] != '[' {
		return nil
	}
	for _, v := range levels {
		if string(s[:4]) == v.short {
			return v.long
		}
	}
	return nil
}

// plain copies s without the escape sequences that colour it.
func (l *line) plain(s []byte) []byte {
	for len(s) > 0 {
		if s[0] != 0x1b {
			l.text = append(l.text, s[0])
			s = s[1:]
			continue
		}
		n := bytes.IndexByte(s[:min(len(s), 16)], 'm')
		s = s[max(n, 0)+1:]
	}
	return l.text[:len(l.text):len(l.text)]
}

// pairsAt is where the message ends and nothing but key=value follows.
func pairsAt(s []byte) int {
	for i := 0; i < len(s); i++ {
		if s[i] == ' ' && keyAt(s[i+1:]) {
			return i
		}
	}
	return len(s)
}

// keyAt reports whether s starts with a key as the daemons use them.
func keyAt(s []byte) bool {
	for i, c := range s {
		switch {
		case 'a' <= c|0x20 && c|0x20 <= 'z', c == '-', c == '_', c == '.', i > 0 && '0' <= c && c <= '9':
		default:
			return c == '=' && i > 0
		}
	}
	return false
}
