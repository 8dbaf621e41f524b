package echo

import (
	"hash/fnv"
	"strconv"
	"unicode/utf8"

	"tideline/scanner/text"
)

// An echo has no room for the id of its request and keeps a hash of it. A hit made
// of an echo has an id made of that hash, "#" and sixteen hex digits, whose hash is
// the same again.

// RequestHash stands for a request's id; 0 if there is none. 64 bits are enough: hits
// are joined by it only if they are of one rule, actor and instant.
func RequestHash(id string) uint64 {
	if id == "" {
		return 0
	}
	if len(id) == 17 && id[0] == '#' {
		if n, err := strconv.ParseUint(id[1:], 16, 64); err == nil {
			return n // of a hit that was an echo
		}
	}
	h := fnv.New64a()
	h.Write([]byte(id)) // never fails
	return h.Sum64() | 1
}

// requestHashOf is requestHash of an id as it stands in a record, without making a
// string of it.
func requestHashOf(id []byte) uint64 {
	if len(id) == 0 {
		return 0
	}
	if len(id) == 17 && id[0] == '#' || len(id) > text.MaxFact || !utf8.Valid(id) {
		return RequestHash(text.Clean(id))
	}
	const offset, prime = 0xcbf29ce484222325, 0x100000001b3 // FNV-1a, as in requestHash
	h := uint64(offset)
	for _, c := range id {
		h = (h ^ uint64(c)) * prime
	}
	return h | 1
}

// requestText is an id with that hash: requestHash undoes it.
func requestText(hash uint64) string {
	const digits = "0123456789abcdef"
	var b [17]byte
	b[0] = '#'
	for i := 16; i > 0; i-- {
		b[i] = digits[hash&15]
		hash >>= 4
	}
	return string(b[:])
}
