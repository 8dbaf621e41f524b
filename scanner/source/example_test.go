package source_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log"

	"tideline/scanner/source"
)

// An input cut off in the middle gives what it has, and says so.
func ExampleInput_Streams() {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	fmt.Fprintln(z, "one line")
	if err := z.Close(); err != nil {
		log.Fatal(err)
	}
	o := source.Options{Stdin: bytes.NewReader(packed.Bytes()[:packed.Len()-6])}
	in := source.Input{Path: "-", Size: -1}
	err := in.Streams(context.Background(), o, func(s *source.Stream) error {
		text, err := io.ReadAll(s)
		fmt.Printf("%s %v: %q\n", s.Path, s.Codecs, text)
		return err
	}, func(m *source.Member) {
		for _, r := range m.Remarks {
			fmt.Printf("%s, gap %v, at %d of %d bytes\n", r.Code, r.Gap, r.Offset, m.Size)
		}
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// - [gzip]: "one line\n"
	// comp.truncated, gap true, at 27 of 27 bytes
}

func ExampleRotationLess() {
	fmt.Println(source.RotationLess("audit.log.10.gz", "audit.log.9.gz"), source.RotationLess("audit.log", "audit.log.1"))
	// Output: true false
}

func ExampleAttribute() {
	a := source.Attribute("uac-web01-linux-20260301101112.tar.gz![root]/var/log/pods/prod_web-0_0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0/app/0.log")
	fmt.Println(a.Host, a.Namespace, a.Pod, a.Container)
	// Output: web01 prod web-0 app
}
