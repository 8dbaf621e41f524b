package dockerd

import (
	"bytes"
	"encoding/hex"
)

// readURL splits and decodes the URL of the request.
func (r *request) readURL() {
	path, query, _ := bytes.Cut(r.url, []byte("?"))
	if n := bytes.Index(path, []byte("://")); n >= 0 && n <= len("https") {
		path = path[n+3:]
		if n = bytes.IndexByte(path, '/'); n >= 0 {
			path = path[n:]
		}
	}
	r.path = bareOf(r.decode(path, false))
	r.query = r.decode(query, true)
}

// decode undoes percent encoding, and in a query the plus that stands for a
// blank. What is no escape stands for itself.
func (r *request) decode(s []byte, query bool) []byte {
	if bytes.IndexByte(s, '%') < 0 && (!query || bytes.IndexByte(s, '+') < 0) {
		return s
	}
	at := len(r.text)
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '%' {
			var one [1]byte
			if _, err := hex.Decode(one[:], s[i+1:min(i+3, len(s))]); err == nil && i+2 < len(s) {
				c = one[0]
				i += 2
			}
		} else if c == '+' && query {
			c = ' '
		}
		r.text = append(r.text, c)
	}
	return r.text[at:len(r.text):len(r.text)]
}

// bareOf cuts off the version, /v1.47, and podman's /libpod.
func bareOf(path []byte) []byte {
	if len(path) > 2 && path[0] == '/' && path[1] == 'v' {
		n := 2
		for n < len(path) && (path[n] == '.' || '0' <= path[n] && path[n] <= '9') {
			n++
		}
		if n > 2 && n < len(path) && path[n] == '/' {
			path = path[n:]
		}
	}
	if bytes.HasPrefix(path, []byte("/libpod/")) {
		path = path[len("/libpod"):]
	}
	return path
}

// param is the first value of a parameter of a decoded query.
func param(query []byte, name string) []byte {
	for len(query) > 0 {
		var one []byte
		one, query, _ = bytes.Cut(query, []byte("&"))
		if key, value, ok := bytes.Cut(one, []byte("=")); ok && string(key) == name {
			return value
		}
	}
	return nil
}
