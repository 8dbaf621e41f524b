package source

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha1"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
)

// A zipAES is the extra field of WinZip's AE-1 and AE-2.
type zipAES struct {
	strength byte   // 1, 2, 3 for 128, 192, 256 bits
	method   uint16 // of compression
}

var (
	errPassword = errors.New("the member is encrypted, and none of the passwords fits")
	errStrong   = errors.New("the member is encrypted by PKWARE's strong encryption, which cannot be read")
	errSeal     = errors.New("the authentication code of the encrypted member does not match: it was changed or damaged")
)

// decrypt finds the password that fits and returns the plain bytes, and the
// method by which they are compressed. packed is -1 if it is not known.
func (w *walk) decrypt(e *zipEntry, raw *tape, packed int64) (io.Reader, *zipSeal, uint16, error) {
	switch {
	case e.flags&flagStrong != 0:
		return nil, nil, 0, errStrong
	case e.method == zipAESMark && e.aes == nil:
		return nil, nil, 0, errors.New("the member is encrypted and does not say how")
	case e.method == zipAESMark:
		r, seal, err := w.decryptAES(e.aes, raw, packed)
		return r, seal, e.aes.method, err
	}
	r, err := w.decryptTraditional(e, raw)
	return r, nil, e.method, err
}

// decryptTraditional undoes APPNOTE.TXT section 6.1. One byte tells whether a
// password fits, so one in 256 wrong ones passes: the first data decide. Where no
// password gives what the checksum demands, the first that gives anything is
// taken: the member is damaged, and what is whole of it is read.
func (w *walk) decryptTraditional(e *zipEntry, raw *tape) (io.Reader, error) {
	const head = 12
	window := raw.peek(lookout)
	if len(window) < head {
		return nil, fmt.Errorf("the encryption header is cut off: %w", io.ErrUnexpectedEOF)
	}
	want := byte(e.crc >> 24)
	if e.flags&flagDescriptor != 0 {
		want = byte(e.time >> 8)
	}
	best, found := unfit, ""
	for _, password := range w.o.passwords() {
		plain := bytes.Clone(window)
		newZipKeys(password).decrypt(plain)
		if plain[head-1] != want {
			continue
		}
		if fit := fitOf(e, plain[head:], len(window) < lookout); fit > best {
			best, found = fit, password
		}
	}
	if best == unfit {
		return nil, errPassword
	}
	raw.skip(head)
	k := newZipKeys(found)
	k.decrypt(bytes.Clone(window[:head]))
	return &zipPlain{raw, k}, nil
}

// fitOf looks at the first plain bytes of a member, which are whole if they are
// all that there are.
func fitOf(e *zipEntry, plain []byte, whole bool) passwordFit {
	sealed := func(sum uint32) passwordFit {
		if e.crc == 0 || sum == e.crc {
			return fitting
		}
		return readable
	}
	if e.method == zipStored {
		switch {
		case whole:
			return sealed(crc32.ChecksumIEEE(plain))
		case isKnown(plain):
			return fitting
		}
		return readable
	}
	kind := zipKinds[e.method]
	if kind == nil {
		return fitting
	}
	if kind != deflateKind && kind != zipLZMAKind {
		if kind.match(plain) {
			return fitting
		}
		return unfit
	}
	t := newTape(bytes.NewReader(plain))
	defer t.release()
	c := kind.make()
	if c.open(t) != nil {
		return unfit
	}
	sum := newCRC()
	n, err := io.CopyN(sum, c, trialOutput)
	switch {
	case err == io.EOF:
		return sealed(sum.Sum32())
	case err == nil, errors.Is(err, io.ErrUnexpectedEOF):
		return fitting
	case n >= noChance:
		return readable
	}
	return unfit
}

// zipKeys is the state of the traditional cipher.
type zipKeys [3]uint32

func newZipKeys(password string) *zipKeys {
	k := &zipKeys{0x12345678, 0x23456789, 0x34567890}
	for i := range len(password) {
		k.update(password[i])
	}
	return k
}

func (k *zipKeys) update(b byte) {
	k[0] = crcByte(k[0], b)
	k[1] = (k[1]+k[0]&0xff)*134775813 + 1
	k[2] = crcByte(k[2], byte(k[1]>>24))
}

func crcByte(crc uint32, b byte) uint32 {
	return crc32.IEEETable[byte(crc)^b] ^ crc>>8
}

func (k *zipKeys) decrypt(p []byte) {
	for i := range p {
		t := k[2] | 2
		p[i] ^= byte(t * (t ^ 1) >> 8)
		k.update(p[i])
	}
}

type zipPlain struct {
	r io.Reader
	k *zipKeys
}

func (z *zipPlain) Read(p []byte) (int, error) {
	n, err := z.r.Read(p)
	z.k.decrypt(p[:n])
	return n, err
}

const (
	aesVerifier = 2  // bytes that tell whether the password fits
	aesCode     = 10 // bytes of the authentication code
	aesRounds   = 1000
)

// decryptAES undoes "AES Encryption Information: Encryption Specification
// AE-1 and AE-2", WinZip 2009.
func (w *walk) decryptAES(a *zipAES, raw *tape, packed int64) (io.Reader, *zipSeal, error) {
	if a.strength < 1 || a.strength > 3 {
		return nil, nil, fmt.Errorf("the member is encrypted by AES of unknown strength %d", a.strength)
	}
	key := 8 * (int(a.strength) + 1)
	salt := key / 2
	head := bytes.Clone(raw.peek(salt + aesVerifier))
	if len(head) < salt+aesVerifier {
		return nil, nil, fmt.Errorf("the encryption header is cut off: %w", io.ErrUnexpectedEOF)
	}
	for _, password := range w.o.passwords() {
		k, err := pbkdf2.Key(sha1.New, password, head[:salt], aesRounds, 2*key+aesVerifier)
		if err != nil {
			return nil, nil, fmt.Errorf("derive the key: %w", err)
		}
		if !bytes.Equal(k[2*key:], head[salt:]) {
			continue
		}
		raw.skip(int64(len(head)))
		block, err := aes.NewCipher(k[:key])
		if err != nil {
			return nil, nil, fmt.Errorf("make the cipher: %w", err)
		}
		left := packed - int64(len(head)) - aesCode
		if packed < 0 {
			left = 1 << 62
		}
		s := &zipSeal{raw: raw, left: max(0, left), mac: hmac.New(sha1.New, k[key:2*key]), block: block, used: aes.BlockSize}
		return s, s, nil
	}
	return nil, nil, errPassword
}

// A zipSeal decrypts in counter mode, little endian from one, and checks the
// authentication code when the data ends. crypto/cipher counts big endian.
type zipSeal struct {
	raw   *tape
	left  int64
	mac   hash.Hash
	block cipher.Block

	counter uint64
	pad     [aes.BlockSize]byte
	used    int
	ended   bool
	bad     bool
}

func (s *zipSeal) Read(p []byte) (int, error) {
	if s.left == 0 {
		s.check()
		return 0, io.EOF
	}
	n, err := s.raw.Read(p[:min(int64(len(p)), s.left)])
	s.left -= int64(n)
	s.mac.Write(p[:n])
	for i := range n {
		if s.used == aes.BlockSize {
			s.counter++
			s.pad = [aes.BlockSize]byte{}
			binary.LittleEndian.PutUint64(s.pad[:], s.counter)
			s.block.Encrypt(s.pad[:], s.pad[:])
			s.used = 0
		}
		p[i] ^= s.pad[s.used]
		s.used++
	}
	return n, err
}

func (s *zipSeal) check() {
	if !s.ended {
		s.ended = true
		s.bad = !bytes.Equal(s.raw.peek(aesCode), s.mac.Sum(nil)[:aesCode])
	}
}

// err is errSeal if the whole was read and its code is wrong.
func (s *zipSeal) err() error {
	if s.bad {
		return errSeal
	}
	return nil
}
