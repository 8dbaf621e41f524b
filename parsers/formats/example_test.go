package formats_test

import (
	"context"
	"fmt"
	"strings"

	"tideline/parsers"
	"tideline/parsers/formats"
)

type printer struct{}

func (printer) Event(f *parsers.Format, ev *parsers.Event) error {
	fmt.Printf("%s line %d: %s %s\n", f.Name, ev.Pos[0].Line, ev.Facts.Name, ev.Facts.Action)
	return nil
}

func (printer) Remark(r parsers.Remark) { fmt.Printf("%s at line %d\n", r.Code, r.Pos.Line) }

// A file of one audit event as CloudWatch exports it, and a line of something
// else.
func ExampleNewReader() {
	in := `2025-03-01T10:00:00.123Z {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"a-1","stage":"ResponseComplete","requestURI":"/api/v1/secrets","verb":"list","user":{"username":"ann"},"objectRef":{"resource":"secrets"}}
what is this
`
	account, err := formats.NewReader().Read(context.Background(),
		parsers.Stream{Path: "000000", Reader: strings.NewReader(in)}, parsers.ReadOptions{}, []parsers.Sink{printer{}})
	if err != nil {
		panic(err)
	}
	fmt.Println(account.Format, account.Envelope, account.Bytes.Balanced(), account.Bytes.Gaps)
	// Output:
	// kubernetes-audit line 1: ann list
	// env.unwrapped at line 1
	// line.unknown at line 2
	// kubernetes-audit eks-s3-export true 13
}
