package kubeaudit

import (
	"testing"

	"tideline/parsers"
)

const (
	rancherRequest = `{"auditID":"3002-1","requestURI":"/k8s/clusters/c-7/api/v1/namespaces/prod/secrets","sourceIPs":["::1"],"user":{"name":"user-f4tt2","group":["system:authenticated"]},"verb":"GET","stage":"RequestReceived","stageTimestamp":"2018-07-20 10:22:43 +0800"}`
	rancherAnswer  = `{"auditID":"3002-1","responseStatus":"403","stage":"ResponseComplete","stageTimestamp":"2018-07-20 10:22:44 +0800"}`
	rancherBoth    = `{"auditID":"3002-2","requestURI":"/v3/clusters/c-7?action=generateKubeconfig","user":{"name":"user-x","group":["a"],"extra":{"username":["admin"]}},"method":"POST","remoteAddr":"10.0.0.1:4433","requestTimestamp":"2023-03-30T15:30:10Z","responseTimestamp":"2023-03-30T15:30:11Z","responseCode":200,"requestHeader":{"User-Agent":["rancher2/v2"]},"requestBody":{"a":"b"}}`
)

func TestRancher(t *testing.T) {
	for record, want := range map[string]string{rancherRequest: "c-7 - 3002-1 RequestReceived", rancherAnswer: " - 3002-1 ResponseComplete", rancherBoth: " - 3002-2 ResponseComplete rancher2/v2"} {
		got := facts(t, record, parsers.Origin{}, func(ev *parsers.Event) string {
			s := ev.Origin.Cluster + " - " + string(ev.Request.ID) + " " + string(ev.Request.Stage)
			if agent := ev.Facts.Agent; len(agent) > 0 {
				s += " " + string(agent)
			}
			return s
		})
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	for _, record := range []string{listSecrets, notAuthenticated, execShell, cloudEntry} {
		d := Format.NewDecoder(parsers.Options{}).(*decoder)
		if err := d.Decode(&parsers.Record{Data: []byte(record)}, func(*parsers.Event) error { return nil }); err != nil || d.r.isRancher() {
			t.Errorf("%.80s is taken for Rancher's (%v)", record, err)
		}
	}
}
