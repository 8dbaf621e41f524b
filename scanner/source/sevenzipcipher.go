package source

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/binary"
	"hash/crc32"
	"unicode/utf16"
)

// max7zCycles is what the exponent of the rounds that make a key may be: 7-Zip writes
// 19, and with this it is a second for each password.
const max7zCycles = 22

// raw7zKey in place of the exponent says that the key is the password itself.
const raw7zKey = 0x3f

func tooManyCycles(cycles byte) bool { return cycles > max7zCycles && cycles != raw7zKey }

// decipher7z undoes the cipher of a 7z archive: AES-256 in CBC mode, of which coder has
// looked at the number of rounds. Its properties are
// the exponent and two flags in one byte, then the lengths of salt and first block, each
// less what its flag adds, and the two. The format's text does not have it; it is as
// 7-Zip 23.01 reads it (CPP/7zip/Crypto/7zAes.cpp).
func decipher7z(props, sealed []byte, password string) ([]byte, error) {
	if len(props) < 2 || len(sealed)%aes.BlockSize != 0 {
		return nil, err7zCoder
	}
	salt := int(props[0]>>7) + int(props[1]>>4)
	first := int(props[0]>>6&1) + int(props[1]&15)
	if len(props) != 2+salt+first {
		return nil, err7zCoder
	}
	key := key7z(props[2:2+salt], password, props[0]&raw7zKey)
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	var iv [aes.BlockSize]byte
	copy(iv[:], props[2+salt:])
	plain := make([]byte, len(sealed))
	cipher.NewCBCDecrypter(block, iv[:]).CryptBlocks(plain, sealed)
	return plain, nil
}

// key7z is the SHA-256 of salt, password and a count, over and over.
func key7z(salt []byte, password string, cycles byte) (key [sha256.Size]byte) {
	round := salt[:len(salt):len(salt)]
	for _, unit := range utf16.Encode([]rune(password)) {
		round = binary.LittleEndian.AppendUint16(round, unit)
	}
	if cycles == raw7zKey {
		copy(key[:], round)
		return key
	}
	h, text := sha256.New(), len(round)
	for i := range uint64(1) << cycles {
		round = binary.LittleEndian.AppendUint64(round[:text], i)
		h.Write(round)
	}
	h.Sum(key[:0])
	return key
}

// sealed reports whether a header is enciphered, by its only coder or by one whose
// output another unpacks. It returns the two.
func (h *header7z) sealed() (seal, pack *coder7z, ok bool) {
	if len(h.coders) == 1 && h.coders[0].id == coder7zAES {
		return &h.coders[0], nil, true
	}
	if len(h.coders) != 2 {
		return nil, nil, false
	}
	for i := range h.coders {
		seal, pack := &h.coders[i], &h.coders[1-i]
		if seal.id == coder7zAES && h.bound == [2]uint64{uint64(1 - i), uint64(i)} {
			return seal, pack, true
		}
	}
	return nil, nil, false
}

// open gives what a coder was given to encipher.
func (c *coder7z) open(sealed []byte, password string) ([]byte, error) {
	plain, err := decipher7z(c.props, sealed, password)
	if err != nil {
		return nil, err
	}
	if c.size > uint64(len(plain)) {
		return nil, err7zHeader
	}
	return plain[:c.size], nil
}

// fits reports whether the header is the one that was packed. Without a checksum
// whatever can be read is taken for it.
func (h *header7z) fits(header []byte) bool {
	return h.sum == nil || crc32.ChecksumIEEE(header) == binary.LittleEndian.Uint32(h.sum)
}
