package containerlog

import (
	"bytes"
	"encoding/base64"
	"strings"

	"tideline/parsers"
	"tideline/parsers/internal/jsonfields"
)

// A lookup is where a field comes from.
type lookup uint8

const (
	byMember lookup = iota // of the record's object, or of the message if that is one
	byMessage
	byStream
	byID
	byName
	byImage
	byPod
	byNamespace
	byHost
	byAttr
	byToken
)

var lookups = map[string]lookup{
	"log": byMessage, "message": byMessage, "stream": byStream, "host": byHost,
	"container.id": byID, "container.name": byName, "container.image": byImage, "container.pod": byPod, "container.namespace": byNamespace,
	"kubernetes.pod_name": byPod, "kubernetes.namespace_name": byNamespace, "kubernetes.container_name": byName,
}

// A field is one of Options.Fields, compiled.
type field struct {
	from lookup
	path jsonfields.Path
}

func compile(asked []string) []field {
	out := make([]field, len(asked))
	for i, name := range asked {
		out[i] = field{from: lookups[name], path: jsonfields.Compile(name)}
		if rest, ok := strings.CutPrefix(name, "attrs."); ok {
			out[i] = field{from: byAttr, path: jsonfields.Compile(rest)}
		}
		if rest, ok := strings.CutPrefix(name, "jwt."); ok {
			out[i] = field{from: byToken, path: jsonfields.Compile(rest)}
		}
	}
	return out
}

// A view is a line as rules for {product: container, service: stdout} see it.
type view struct {
	asked   []field
	message []byte
	stream  []byte
	attrs   []byte
	doc     *jsonfields.Doc // of the record
	origin  *parsers.Origin
	memo    memo
}

// A memo is what was parsed for one event, so that it is parsed once.
type memo struct {
	message  *jsonfields.Parser
	inner    *jsonfields.Doc
	looked   bool
	payloads [][]byte
	decoded  bool
}

func (m *memo) reset() { m.inner, m.looked, m.decoded, m.payloads = nil, false, false, m.payloads[:0] }

// Values implements parsers.Fields.
func (v *view) Values(dst [][]byte, i int) [][]byte {
	f := &v.asked[i]
	c := &v.origin.Container
	switch f.from {
	case byMessage:
		return append(dst, orEmpty(v.message))
	case byStream:
		return text(dst, string(v.stream))
	case byID:
		return text(dst, c.ID)
	case byName:
		return text(dst, c.Name)
	case byImage:
		return text(dst, c.Image)
	case byPod:
		return text(dst, c.Pod)
	case byNamespace:
		return text(dst, c.Namespace)
	case byHost:
		return text(dst, v.origin.Host)
	case byAttr:
		return parsed(dst, v.attrs, f.path)
	case byToken:
		for _, payload := range v.tokens() {
			dst = parsed(dst, payload, f.path)
		}
		return dst
	}
	return v.member(dst, f)
}

func orEmpty(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

func text(dst [][]byte, s string) [][]byte {
	if s == "" {
		return dst
	}
	return append(dst, []byte(s))
}

// parsed appends a field of an object that is small and rarely asked for.
func parsed(dst [][]byte, object []byte, path jsonfields.Path) [][]byte {
	if len(object) == 0 {
		return dst
	}
	var p jsonfields.Parser
	doc, _ := p.Parse(object) // of a damaged object, what can be read
	return doc.Values(dst, path)
}

// member appends a field of a shipper's object, or else of the message, if the
// application logs JSON.
func (v *view) member(dst [][]byte, f *field) [][]byte {
	n := len(dst)
	if v.doc != nil {
		dst = v.doc.Values(dst, f.path)
	}
	if inner := v.inner(); len(dst) == n && inner != nil {
		dst = inner.Values(dst, f.path)
	}
	return dst
}

// inner is the message parsed, if it is an object.
func (v *view) inner() *jsonfields.Doc {
	m := &v.memo
	if m.looked {
		return m.inner
	}
	m.looked = true
	s := bytes.TrimSpace(v.message)
	if len(s) < 2 || s[0] != '{' || s[len(s)-1] != '}' {
		return nil
	}
	if m.message == nil {
		m.message = new(jsonfields.Parser)
	}
	if doc, err := m.message.Parse(s); err == nil {
		m.inner = doc
	}
	return m.inner
}

// maxTokens is how many tokens of one line are decoded.
const maxTokens = 16

// tokens are the payloads of the JSON web tokens (RFC 7519) that the message
// has in it. Nothing is verified.
func (v *view) tokens() [][]byte {
	m := &v.memo
	if m.decoded {
		return m.payloads
	}
	m.decoded = true
	for s := v.message; len(m.payloads) < maxTokens; {
		n := bytes.Index(s, []byte("eyJ"))
		if n < 0 {
			break
		}
		s = s[n:]
		header := token(s)
		s = s[header:]
		if len(s) == 0 || s[0] != '.' {
			continue
		}
		length := token(s[1:])
		if payload := claims(s[1 : 1+length]); payload != nil {
			m.payloads = append(m.payloads, payload)
		}
		s = s[1+length:]
	}
	return m.payloads
}

// token is the length of the part of a token that s starts with.
func token(s []byte) int {
	for i, c := range s {
		switch {
		case 'a' <= c|0x20 && c|0x20 <= 'z', '0' <= c && c <= '9', c == '-', c == '_':
		default:
			return i
		}
	}
	return len(s)
}

// claims decodes the payload of a token; nil if it is none.
func claims(part []byte) []byte {
	if len(part) < 4 || len(part) > 1<<16 {
		return nil
	}
	out := make([]byte, base64.RawURLEncoding.DecodedLen(len(part)))
	n, err := base64.RawURLEncoding.Decode(out, part)
	if n == 0 || out[0] != '{' || err != nil && n < len(out)/2 {
		return nil
	}
	return out[:n]
}

// Keywords implements parsers.Fields: the message, and of an object of a
// shipper its other values.
func (v *view) Keywords(dst [][]byte) [][]byte {
	dst = append(dst, orEmpty(v.message))
	if v.doc != nil {
		dst = v.doc.Keywords(dst)
	}
	if inner := v.inner(); inner != nil {
		dst = inner.Keywords(dst)
	}
	return dst
}
