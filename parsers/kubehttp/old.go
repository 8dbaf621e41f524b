package kubehttp

import (
	"bytes"
	"regexp"
)

// answer is what stands between the address and the client in the old shape.
var answer = regexp.MustCompile(`: \([^() ]*\) (?:[0-9]+|hijacked)`)

// readOld reads the shape up to 1.17:
//
//	GET /api/v1/secrets: (1.2ms) 200 [kubectl/v1.15 (linux/amd64) kubernetes/e8462b5 10.0.0.1:5312]
//	POST /api/v1/namespaces/a/pods/b/exec?command=id: (7.5s) hijacked [kubectl/v1.15 10.0.0.1:5312]
//	GET /api/v1/nodes: (2ms) 500
//
// of which the last goes on with a stack of calls and has its client on a later line.
// Nothing is quoted here. HTTP/1 leaves no blank in an address, so method and address
// end where the first answer begins, and the server wrote the peer behind everything;
// but a client can put an answer into its name, and by HTTP/2 into its address. A line
// that has more than one is believed in neither: its status stays unknown.
func (r *reader) readOld(s []byte, cut bool) {
	method, rest, _ := bytes.Cut(s, []byte(" "))
	r.add([]byte("verb"), method)
	found := answer.FindAllIndex(rest, 2)
	if len(found) == 0 {
		r.uriCut = true
		return
	}
	r.ambiguous = len(found) > 1
	r.add([]byte("URI"), rest[:found[0][0]:found[0][0]])
	took, status, _ := bytes.Cut(rest[found[0][0]+len(": ("):found[0][1]], []byte(") "))
	r.add([]byte("latency"), took)
	rest = rest[found[0][1]:]
	switch {
	case r.ambiguous, cut && len(rest) == 0:
	case string(status) == "hijacked":
		r.hijacked = true
	default:
		r.add([]byte("resp"), status)
	}
	r.readClient(rest)
}

// readClient reads " [AGENT PEER]"; up to 1.7 the agent is a list of its own.
func (r *reader) readClient(s []byte) {
	s, ok := bytes.CutPrefix(s, []byte(" ["))
	if !ok || !bytes.HasSuffix(s, []byte("]")) {
		return
	}
	s = s[:len(s)-1]
	at := bytes.LastIndexByte(s, ' ')
	r.add([]byte("srcIP"), s[at+1:])
	if at < 0 {
		return
	}
	agent := s[:at:at]
	if n := len(agent); n > 1 && agent[0] == '[' && agent[n-1] == ']' {
		agent = agent[1 : n-1 : n-1]
	}
	r.add([]byte("userAgent"), agent)
}
