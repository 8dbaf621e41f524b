package kubehttp_test

import (
	"fmt"
	"time"

	"tideline/parsers"
	"tideline/parsers/kubehttp"
)

// Somebody ran a command in a pod, straight at its kubelet.
func Example() {
	line := []byte(`I0607 10:01:02.123456    1184 httplog.go:132] "HTTP" verb="POST" URI="/run/prod/api-0/api?cmd=env" latency="12.4ms" userAgent="curl/8.5.0" audit-ID="" srcIP="10.244.1.9:40122" resp=200`)
	journal := parsers.Origin{Host: "worker2", Time: time.Date(2024, 6, 7, 10, 1, 2, 124_000_000, time.UTC)}
	d := kubehttp.Format.NewDecoder(parsers.Options{})
	err := d.Decode(&parsers.Record{Data: line, Origin: journal}, func(ev *parsers.Event) error {
		f := &ev.Facts
		fmt.Printf("%s %s %s/%s from %s: %s\n", ev.Time.Format(time.RFC3339Nano), f.Kind, f.Namespace, f.Target, f.Addresses[0], f.Command)
		return nil
	})
	fmt.Println(err)
	// Output:
	// 2024-06-07T10:01:02.111056Z kubelet/run prod/api-0 from 10.244.1.9: env
	// <nil>
}
