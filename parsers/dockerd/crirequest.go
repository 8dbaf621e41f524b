package dockerd

import (
	"bytes"
	"strconv"
)

// CRI-O logs the requests of the CRI at level debug, in the words of three generations
// of the code that prints them (gogo/protobuf, and Go's own of a struct):
//
//	ExecSyncRequest &ExecSyncRequest{ContainerId:4f0c...,Cmd:[sh -c id],Timeout:10,}
//	Request: &ExecRequest{ContainerId:4f0c...,Cmd:[sh -c id],Tty:true,Stdin:true,Stdout:true,Stderr:false,}
//	Request: &v1.ExecRequest{state:..., ContainerId:"4f0c...", Cmd:[]string{"sh", "-c", "id"}, Tty:true, ...}
//
// The command is the client's, and may hold any of these words: its beginning is the
// first that looks so, its end the last.

var (
	criID       = []byte("ContainerId:")
	criCommand  = []byte("Cmd:[")
	goStrings   = []byte("]string{")
	criRequests = []string{"ExecSyncRequest{", "ExecRequest{", "AttachRequest{"}
	criBehind   = []string{"],Timeout:", "],Tty:", "],Stdin:"}
	goBehind    = []string{"}, Timeout:", "}, Tty:", "}, Stdin:"}
)

// criRequest reads the container and the command of such a request; nil if msg is none.
func criRequest(msg []byte) (container, command []byte) {
	at := bytes.IndexByte(msg, '{')
	if at < 0 || at > len("ExecSyncRequest &v1alpha2.ExecSyncRequest") || !isCRIRequest(msg[:at+1]) {
		return nil, nil
	}
	id := bytes.Index(msg, criID)
	if id < 0 {
		return nil, nil
	}
	container, _, _ = bytes.Cut(msg[id+len(criID):], []byte(","))
	container = bytes.Trim(container, `" }`)
	_, rest, ok := bytes.Cut(msg[id:], criCommand)
	if !ok {
		return container, nil
	}
	if words, ok := bytes.CutPrefix(rest, goStrings); ok {
		return container, goWords(upTo(words, goBehind, "}"))
	}
	return container, upTo(rest, criBehind, "]")
}

// isCRIRequest reports whether a message that begins so is a request to run a command,
// or to attach to a container.
func isCRIRequest(head []byte) bool {
	for _, name := range criRequests {
		before, ok := bytes.CutSuffix(head, []byte(name))
		if ok {
			before, _, _ = bytes.Cut(before, []byte("&"))
			return string(before) == "Request: " || string(before) == name[:len(name)-1]+" "
		}
	}
	return false
}

// upTo is s up to the last of what may stand behind it, or to end.
func upTo(s []byte, behind []string, end string) []byte {
	for _, mark := range behind {
		if n := bytes.LastIndex(s, []byte(mark)); n >= 0 {
			return s[:n]
		}
	}
	if n := bytes.LastIndex(s, []byte(end)); n >= 0 {
		return s[:n]
	}
	return s
}

// goWords joins the words of a list in Go's spelling by blanks; one that is no such
// list stays as it is.
func goWords(list []byte) []byte {
	var out []byte
	for rest := list; len(rest) > 0; {
		word, err := strconv.QuotedPrefix(string(rest))
		if err != nil {
			return list
		}
		text, err := strconv.Unquote(word)
		if err != nil {
			return list
		}
		if len(out) > 0 {
			out = append(out, ' ')
		}
		out = append(out, text...)
		rest = bytes.TrimLeft(rest[len(word):], ", ")
	}
	return out
}
