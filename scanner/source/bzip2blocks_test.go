package source

import (
	"bytes"
	"compress/bzip2"
	"encoding/base64"
	"io"
	"slices"
	"strings"
	"testing"
)

// bzBlocks is what bzip2 -1 makes of 499681 bytes of lines, 5 blocks:
// Go cannot write it.
const bzBlocks = "" +
	"QlpoMTFBWSZTWS/tXtEAtkHRgAAQQAA/7d2AMAF4ACgaaGRkxCgaaGRkxApUqfqnqY2oBlO8pIdVSQ6qkhtKSHnCpIfipIfFSQ0qSH1UkO8pIe" +
	"JSQ0qSHxUkMSkhyqSGVSQ4zuqSG8pIfqpIcKkhxKSHSUkPBUkO0pIaKkh6VJD7KSGJSQ0qSG8pIYVJDUpIcKkhzlUkNlSQwqSGJSQ52KkhlUkO" +
	"nMpIZzSkh/mKCskymsym7W2oA6lijAAAggAB/27sAYALwAFA00MjJiFA00MjJiBSoqaHppiT0ymypIaKkhoqSHBSQw/FSQwqSHMpIepSQ+Skhs" +
	"qSGqpIcykhw7lJDEpIdFJDwqSGspIaqkh4VJDl0qSHSpIaKkhwVJDpvSkhyFIe/qUkMqkhu3VJDZUkMKkh6VJDspIZVJD7VJDEpIdlJD2VJDMp" +
	"IdqkhkpIZpSQ/zFBWSZTWdpTKwIAHRXRgAAQQAAv7dyAMAF4ACmTEyDIwpkxMgyMClKQaniI8U4qiDWqINaog9ZSIMZlUQZVEHISDbvFRBv2Eg" +
	"yqIMt6og6CQfSiD2EgwJB4KINgkGwSDS8VRB+lEHNUQchINaog3ulUQdFEHyqiDmlEGgSDKog7KIOKog+VRBlUQZcVRBpVEHmqIMCQfSlQtLQJ" +
	"B3VEGAkH+YoKyTKazszbgZAC2Q6MAACCAAF/bmQBgAvAAU0yMTExCmmRiYmIFKUg1NlPU21TlUkN1SQ3VJDr3EkMsqkhsqSH1UkOFSQ7VJDmUk" +
	"MSSHCpIdqkhpUkP5UkPnwyUkMlJD0kkPCpIaVJDY1KSHe8pIcJJDoqSHJUkPJ9VJDJSQxUkN1SQ4VJDFSQxJIaVJDk8Kkh5VJDFSQ/SpIbJJDZ" +
	"UkNKkhlKSH+YoKyTKaz1EFrmgEA1KMAACCAAF/bmQBgAqABTTIxMTEE1UkMjEbSFNMjExMTihFWxEVbERV9IirUiKtCIq6IirciKskRVxQirci" +
	"KskRV2RFX4iKvZEVfCIqxQirQiKuyIq1IiruhFWtCKuYiKt4iKskRV0RFWCIqzpQirYiKt6EVYIirsiKuCIq0IiryRFWCIq5iIqwRFWpEVYERV" +
	"/F3JFOFCQaGJ5HQ="

// TestBlocksBehindADamagedOneAreFound: whatever byte of a stream is damaged, no
// more than the block it is in is lost, the loss is said, and what follows the
// stream is read.
func TestBlocksBehindADamagedOneAreFound(t *testing.T) {
	if testing.Short() {
		t.Skip("nothing in it runs side by side")
	}
	packed, err := base64.StdEncoding.DecodeString(bzBlocks)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := io.ReadAll(bzip2.NewReader(bytes.NewReader(packed)))
	if err != nil {
		t.Fatal(err)
	}
	other, textOther := packers[len(packers)-1].pack(t, 'Z')
	const block = 100_000
	for i := bzip2Header + bzip2Number; i < len(packed)-10; i += 5 { // before, it is not told to be bzip2
		for _, flip := range []byte{0xff} {
			bad := bytes.Clone(packed)
			bad[i] ^= flip
			r := readPipe(t, slices.Concat(bad, other), Options{})
			got := r.text()
			if !strings.HasSuffix(got, textOther) {
				t.Fatalf("byte %d: what follows is lost: %v", i, r.codes())
			}
			if !r.gaps() && len(got) < len(whole)+len(textOther) {
				t.Fatalf("byte %d: %d bytes, and nothing said", i, len(got))
			}
			lost := len(whole) + len(textOther) - len(got)
			if lost > block {
				t.Errorf("byte %d ^ %#x: %d bytes lost, of a block of %d: %v", i, flip, lost, block, r.codes())
			}
		}
	}
}

// TestDamagedBlocksAreBounded: marks of blocks without blocks cost no more than
// maxBlocks readers.
func TestDamagedBlocksAreBounded(t *testing.T) {
	packed, err := base64.StdEncoding.DecodeString(bzBlocks)
	if err != nil {
		t.Fatal(err)
	}
	bad := slices.Concat(packed[:20], bytes.Repeat([]byte("1AY&SYx"), 20*maxBlocks))
	c := new(bzip2Codec)
	tp := newTape(bytes.NewReader(bad))
	defer tp.release()
	if err := c.open(tp); err != nil {
		t.Fatal(err)
	}
	n := 0
	for buf := make([]byte, 4096); ; {
		_, err := c.Read(buf)
		if err == nil {
			continue
		}
		if n++; err == io.EOF || !c.resume() {
			break
		}
	}
	if n != maxBlocks+1 {
		t.Errorf("%d tries, want %d", n, maxBlocks+1)
	}
}
