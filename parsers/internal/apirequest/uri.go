package apirequest

import "bytes"

// AppendPath appends the decoded path of a request URI. What is no valid
// percent escape stays as it is.
func AppendPath(dst, uri []byte) []byte {
	path, _, _ := bytes.Cut(uri, []byte("?"))
	return AppendDecoded(dst, path, false)
}

// AppendKubeletPod appends "namespace/pod" of a path of the kubelet's interface
// behind nodes/proxy (k8s.io/kubernetes, pkg/kubelet/server: /run, /exec,
// /attach, /portForward, /containerLogs and /checkpoint/{podNamespace}/{podID}), or nothing.
func AppendKubeletPod(dst, uri []byte) []byte {
	path, _, _ := bytes.Cut(uri, []byte("?"))
	if !bytes.Contains(path, []byte("/nodes/")) {
		return dst
	}
	_, path, ok := bytes.Cut(path, []byte("/proxy/"))
	if !ok {
		return dst
	}
	endpoint, path, _ := bytes.Cut(path, []byte("/"))
	switch string(endpoint) {
	case "run", "exec", "attach", "portForward", "containerLogs", "checkpoint":
	default:
		return dst
	}
	namespace, path, ok := bytes.Cut(path, []byte("/"))
	pod, _, _ := bytes.Cut(path, []byte("/"))
	if !ok || len(namespace) == 0 || len(pod) == 0 {
		return dst
	}
	return AppendDecoded(append(AppendDecoded(dst, namespace, false), '/'), pod, false)
}

// AppendCommand appends the arguments of a command that is run by a request,
// decoded and joined by one space: the repeated parameter "command" of exec,
// or "cmd" of the kubelet's /run, behind nodes/proxy or by itself. ok reports
// whether there is one.
func AppendCommand(dst, uri []byte) (out []byte, ok bool) {
	path, query, _ := bytes.Cut(uri, []byte("?"))
	run := bytes.Contains(path, []byte("/proxy/run/")) || bytes.HasPrefix(path, []byte("/run/"))
	for len(query) > 0 {
		var param []byte
		param, query, _ = bytes.Cut(query, []byte("&"))
		key, value, _ := bytes.Cut(param, []byte("="))
		if !is(key, "command") && !(run && is(key, "cmd")) {
			continue
		}
		if ok {
			dst = append(dst, ' ')
		}
		dst, ok = AppendDecoded(dst, value, true), true
	}
	return dst, ok
}

// is compares a query key, which may be percent-encoded to hide it.
func is(key []byte, name string) bool {
	if string(key) == name {
		return true
	}
	if bytes.IndexByte(key, '%') < 0 {
		return false
	}
	var buf [32]byte
	return len(key) <= 3*len(buf) && string(AppendDecoded(buf[:0], key, true)) == name
}

// AppendDecoded appends s with its percent escapes resolved, and with spaces
// for plus signs in a query.
func AppendDecoded(dst, s []byte, query bool) []byte {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '+' && query:
			dst = append(dst, ' ')
		case c == '%' && i+2 < len(s) && nibble(s[i+1]) >= 0 && nibble(s[i+2]) >= 0:
			dst = append(dst, byte(nibble(s[i+1])<<4|nibble(s[i+2])))
			i += 2
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

func nibble(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}
