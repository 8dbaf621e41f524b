package formats

import (
	"encoding/base64"
	"strings"
	"testing"

	"tideline/parsers"
)

// TestRecordsInWrappersOfAnyName: that a shipper has a name of its own for the line
// must not hide it.
func TestRecordsInWrappersOfAnyName(t *testing.T) {
	line := quoted(t, variantEvent)
	aks := `{"category":"kube-audit","properties":{"log":` + line + `},"resourceId":"/SUBSCRIPTIONS/S/MANAGEDCLUSTERS/C","time":"2025-03-01T10:00:00Z"}`
	entry := `{"protoPayload":{"serviceName":"k8s.io","methodName":"io.k8s.core.v1.secrets.get","resourceName":"core/v1/namespaces/prod/secrets/db","authenticationInfo":{"principalEmail":"alice"},"authorizationInfo":[{"granted":true}]},"resource":{"type":"k8s_cluster"},"timestamp":"2025-03-01T10:00:00.123Z"}`
	otlp := `{"resourceLogs":[{"resource":{},"scopeLogs":[{"scope":{},"logRecords":[{"timeUnixNano":"1740823200123456789","body":{"stringValue":` + line + `}}]}]}]}`
	for name, in := range map[string]string{
		"OTLP a collector printed":    "2025-03-01T10:00:01.5Z stdout F " + otlp + "\n",
		"OTLP in a topic":             `{"topic":"otlp_logs","partition":0,"offset":12,"payload":` + quoted(t, otlp) + "}\n",
		"Insights from the console":   `[{"@timestamp":"2025-03-01 10:00:00.123","@message":` + variantEvent + `,"@log":"1:/aws/eks/c/cluster"}]`,
		"an object for the message":   `{"events":[{"timestamp":1740823200123,"message":` + variantEvent + `,"ingestionTime":1}]}`,
		"Live Tail":                   `{"sessionResults":[{"logGroupIdentifier":"1:g","message":` + line + `,"timestamp":1740823200123}]}`,
		"Datadog's API":               `{"data":[{"id":"A","type":"log","attributes":{"timestamp":"2025-03-01T10:00:00Z","message":` + line + `,"attributes":{"auditID":"5b0d0001-0000-4000-8000-000000000001"}}}]}`,
		"a topic of Kafka by kcat":    `{"topic":"audit","partition":0,"offset":12,"tstype":"create","ts":1740823200123,"broker":1,"key":null,"payload":` + line + "}\n",
		"Event Hubs by way of Kafka":  `{"topic":"aks","offset":12,"value":` + quoted(t, `{"records":[`+aks+`]}`) + "}\n",
		"Filebeat with a parser":      `{"@timestamp":"2025-03-01T10:00:00.1Z","json":` + variantEvent + `,"agent":{"type":"filebeat"}}` + "\n",
		"Fluent Bit, merged":          `{"date":1740823200.1,"stream":"stdout","log_processed":` + variantEvent + "}\n",
		"Splunk's collector, text":    `{"time":1740823200.123,"host":"h","event":` + line + "}\n",
		"Splunk's collector, Docker":  `{"time":1740823200.123,"host":"h","event":{"line":` + variantEvent + `,"source":"stdout","tag":"x"}}` + "\n",
		"Splunk with a Pub/Sub input": `{"result":{"_raw":` + quoted(t, `{"data":`+entry+`,"attributes":{}}`) + `,"_time":"2025-03-01T10:00:00Z"}}` + "\n",
		"Graylog":                     `{"messages":[{"message":{"_id":"x","message":` + line + `},"index":"g"}]}`,
		"GELF":                        `{"version":"1.1","host":"h","short_message":` + quoted(t, variantEvent[:80]) + `,"full_message":` + line + `,"timestamp":1740823200.123}` + "\n",
		"a topic by Kafka's REST":     `[{"topic":"t","key":null,"value":"` + base64.StdEncoding.EncodeToString([]byte(variantEvent)) + `","partition":0,"offset":1}]`,
		"Event Hubs by its SDK":       `[{"Body":"` + base64.StdEncoding.EncodeToString([]byte(`{"records":[`+aks+`]}`)) + `","Offset":"1"}]`,
		"a queue":                     `{"Messages":[{"MessageId":"x","Body":` + line + "}]}",
		"pulled from Pub/Sub":         `{"receivedMessages":[{"ackId":"x","message":{"data":"` + base64.StdEncoding.EncodeToString([]byte(entry)) + `","messageId":"1"}}]}`,
		"capital letters":             `{"Category":"kube-audit","Properties":{"log":` + line + `},"Time":"2025-03-01T10:00:00Z"}` + "\n",
		"a table of BigQuery":         `{"protopayload_auditlog":{"serviceName":"k8s.io","methodName":"io.k8s.core.v1.secrets.get","resourceName":"core/v1/namespaces/prod/secrets/db","status":{"code":null},"authenticationInfo":{"principalEmail":"alice"},"authorizationInfo":[{"granted":"true"}],"requestJson":"{\"a\":1}","responseJson":null},"resource":{"type":"k8s_cluster"},"timestamp":"2021-04-23 14:47:07.535383 UTC","labels":{"authorization_k8s_io_decision":"allow"}}` + "\n",
		"a bucket as BigQuery has it": `{"log_name":"projects/P/logs/x","proto_payload":{"audit_log":{"service_name":"k8s.io","method_name":"io.k8s.core.v1.secrets.get","resource_name":"core/v1/namespaces/prod/secrets/db","authentication_info":{"principal_email":"alice"},"authorization_info":[{"granted":true}],"request_metadata":{"caller_ip":"192.0.2.1"}}},"resource":{"type":"k8s_cluster","labels":{"cluster_name":"c"}},"timestamp":"1.619189227535383E9"}` + "\n",
		"search of Oracle's cloud":    `{"data":{"fields":[],"results":[{"data":{"datetime":1740823200123,"logContent":{"data":{"message":` + line + `},"id":"x","oracle":{"tenantid":"t"},"time":"2025-03-01T10:00:00.123Z"}}}],"summary":{"result-count":1}}}`,
		"several searches":            `{"took":1,"responses":[{"took":1,"hits":{"hits":[{"_index":"a","_source":{"kubernetes":{"audit":` + variantEvent + `}}}]}}]}`,
		"a search in the background":  `{"id":"x","is_partial":false,"response":{"took":1,"hits":{"hits":[{"_index":"a","_source":{"event":{"original":` + line + `}}}]}}}`,
		"New Relic's GraphQL":         `{"data":{"actor":{"account":{"nrql":{"results":[{"message":` + line + `,"timestamp":1740823200123}]}}}}}`,
		"AKS, far inside":             `{"a":{"b":{"c":` + aks + `}}}` + "\n",
		"a query of OpenSearch":       `{"schema":[{"name":"message"},{"name":"@timestamp"}],"datarows":[[` + line + `,"2025-03-01 10:00:00.123"]],"total":1}`,
		"a row of ClickHouse":         `["2025-03-01 10:00:00.123",` + line + "]\n",
		"--query of the AWS CLI":      "[\n    " + line + "\n]\n",
		"a pair of the AWS CLI":       "[\n    [\n        1740823200123,\n        " + line + "\n    ]\n]\n",
		"jq without -r":               line + "\n",
		"Alibaba's log service":       `{"__source__":"10.0.0.1","__time__":"1740823200","kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"x","stage":"ResponseComplete","verb":"get","user":"{\"username\":\"alice\"}","objectRef":"{\"resource\":\"secrets\",\"namespace\":\"prod\",\"name\":\"db\"}","responseStatus":"{\"code\":200}"}` + "\n",
		"an export of Splunk's end":   `{"preview":false,"offset":0,"result":{"_raw":` + line + `}}` + "\n" + `{"preview":false,"lastrow":true}` + "\n",
		"fields of Splunk":            `{"preview":false,"result":{"auditID":"x","stage":"ResponseComplete","verb":"get","user.username":"alice","user.groups{}":["a"],"sourceIPs{}":"10.0.0.7","objectRef.resource":"secrets","objectRef.namespace":"prod","objectRef.name":"db","responseStatus.code":"200"}}` + "\n",
		"a body of a bulk request":    `{"index":{"_index":"audit","_id":"1"}}` + "\n" + variantEvent + "\n",
		"a body of a data stream":     `{"create":{}}` + "\n" + `{"@timestamp":"2025-03-01T10:00:00Z","message":` + line + "}\n",
		"aws logs tail, as JSON":      "2025-03-01T10:00:00.123000+00:00 kube-apiserver-audit-0f1e " + strings.Replace(pretty(variantEvent), "{\n", "{\n  \"kind\": \"Event\",\n", 1) + "\n",
		"YAML of the AWS CLI":         "events:\n- eventId: '38'\n  message: '" + variantEvent + "'\n  timestamp: 1740823200123\nsearchedLogStreams: []\n",
		"Logs Explorer's CSV":         "insertId,labels.authorization.k8s.io/decision,protoPayload.authenticationInfo.principalEmail,protoPayload.authorizationInfo[0].granted,protoPayload.methodName,protoPayload.resourceName,protoPayload.serviceName,resource.type,timestamp\n1e3,allow,alice,true,io.k8s.core.v1.secrets.get,core/v1/namespaces/prod/secrets/db,k8s.io,k8s_cluster,2025-03-01T10:00:00.123Z\n",
		"Cloud Logging in columns":    "insertId,timestamp,protoPayload,resource\nx,2025-03-01T10:00:00.123Z,\"" + strings.ReplaceAll(`{"serviceName":"k8s.io","methodName":"io.k8s.core.v1.secrets.get","resourceName":"core/v1/namespaces/prod/secrets/db","authenticationInfo":{"principalEmail":"alice"},"authorizationInfo":[{"granted":true}]}`, `"`, `""`) + "\",\"{\"\"type\"\":\"\"k8s_cluster\"\"}\"\n",
		"fields of Cloud Logging":     `{"protoPayload.serviceName":"k8s.io","protoPayload.methodName":"io.k8s.core.v1.secrets.get","protoPayload.resourceName":"core/v1/namespaces/prod/secrets/db","protoPayload.authenticationInfo.principalEmail":"alice","protoPayload.authorizationInfo[0].granted":true,"resource.type":"k8s_cluster","timestamp":"2025-03-01T10:00:00.123Z"}` + "\n",
		"CloudEvents":                 `{"specversion":"1.0","type":"x","source":"m0","id":"1","data_base64":"` + base64.StdEncoding.EncodeToString([]byte(variantEvent)) + `"}` + "\n",
		"flattened by Graylog":        `{"auditID":"x","stage":"ResponseComplete","verb":"get","requestURI":"/api","user_username":"alice","user_groups":"[\"a\"]","objectRef_resource":"secrets","objectRef_namespace":"prod","objectRef_name":"db","responseStatus_code":200}` + "\n",
		"flattened by OpenObserve":    `{"took":1,"hits":[{"_timestamp":1740823200123000,"auditid":"x","stage":"ResponseComplete","verb":"get","requesturi":"/api","user_username":"alice","objectref_resource":"secrets","objectref_namespace":"prod","objectref_name":"db","responsestatus_code":200}],"total":1}`,
		"small letters, as in Athena": `{"auditid":"x","stage":"ResponseComplete","verb":"get","requesturi":"/api","user":{"username":"alice"},"objectref":{"resource":"secrets","namespace":"prod","name":"db"},"responsestatus":{"code":200}}` + "\n",
		"capital letters, as in .NET": `{"AuditID":"x","Stage":"ResponseComplete","Verb":"get","RequestURI":"/api","User":{"Username":"alice"},"ObjectRef":{"Resource":"secrets","Namespace":"prod","Name":"db"},"ResponseStatus":{"Code":200}}` + "\n",
		"underscores":                 `{"audit_id":"x","stage":"ResponseComplete","verb":"get","request_uri":"/api","user":{"username":"alice"},"object_ref":{"resource":"secrets","namespace":"prod","name":"db"},"response_status":{"code":200}}` + "\n",
		"a line of YAML":              "- message: '" + variantEvent + "'\n",
		"a statement of SQL":          "INSERT INTO audit VALUES (1,'" + variantEvent + "');\n",
		"a program with logrus":       `time="2025-03-01T10:00:00Z" level=info msg=` + line + " sink=file\n",
		"a line of logcli":            `2025-03-01T10:00:00Z {job="k8s", host="m0", note="a}\"b"} ` + variantEvent + "\n",
		"OTLP, parsed": `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1740823200123456789","body":{"kvlistValue":{"values":[{"key":"verb","value":{"stringValue":"get"}},{"key":"auditID","value":{"stringValue":"a"}},{"key":"stage","value":{"stringValue":"ResponseComplete"}},` +
			`{"key":"user","value":{"kvlistValue":{"values":[{"key":"username","value":{"stringValue":"alice"}},{"key":"groups","value":{"arrayValue":{"values":[{"stringValue":"g"},{"stringValue":"h"}]}}}]}}},` +
			`{"key":"objectRef","value":{"kvlistValue":{"values":[{"key":"resource","value":{"stringValue":"secrets"}},{"key":"namespace","value":{"stringValue":"prod"}},{"key":"name","value":{"stringValue":"db"}}]}}},` +
			`{"key":"responseStatus","value":{"kvlistValue":{"values":[{"key":"code","value":{"intValue":"200"}}]}}}]}}}]}]}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			s := &factsSink{}
			a, err := NewReader().Read(t.Context(), parsers.Stream{Reader: strings.NewReader(in)}, parsers.ReadOptions{}, []parsers.Sink{s})
			if err != nil {
				t.Fatal(err)
			}
			if len(s.events) != 1 || s.events[0] != "alice get secrets prod db allowed" {
				t.Errorf("events %q", s.events)
			}
			if s.remarks != nil || !a.Bytes.Balanced() || a.Bytes.Read != int64(len(in)) {
				t.Errorf("gaps %q, bytes %+v", s.remarks, a.Bytes)
			}
		})
	}
}

// TestLinesWithoutAMark: a daemon's line has no word that would tell it in any member, so
// the names that shippers have for the line are known.
func TestLinesWithoutAMark(t *testing.T) {
	line := quoted(t, `time="2025-03-01T10:00:00Z" level=info msg="API listen on /run/docker.sock"`)
	for _, key := range []string{"log", "message", "short_message", "_msg", "@rawstring", "_line"} {
		in := `{"version":"1.1","host":"h","` + key + `":` + line + `,"timestamp":1740823200.1}` + "\n"
		a, err := NewReader().Read(t.Context(), parsers.Stream{Reader: strings.NewReader(in)}, parsers.ReadOptions{}, []parsers.Sink{&factsSink{}})
		if err != nil || a.Format != "dockerd" || a.Bytes.Gaps > 0 {
			t.Errorf("%s: %q %+v %v", key, a.Format, a.Bytes, err)
		}
	}
}

// TestFilesInOneString: what a command printed on another machine is one text in the answer
// of the tool that ran it, and each of its lines is a record.
func TestFilesInOneString(t *testing.T) {
	daemon := `time="2025-03-01T10:00:00Z" level=debug msg="Calling GET /v1.47/containers/a/json"` + "\n"
	access := `I0607 10:01:02.123456       1 httplog.go:132] "HTTP" verb="LIST" URI="/api/v1/namespaces/a/secrets" latency="3.1ms" userAgent="curl/8.5.0" audit-ID="0" srcIP="10.0.0.7:51234" resp=200` + "\n"
	record := `type=CWD msg=audit(1740823200.123:7): cwd="/x"` + "\n" + `type=CWD msg=audit(1740823200.123:8): cwd="/x"` + "\n"
	for text, want := range map[string]int{
		daemon + daemon + daemon:          3,
		access + access:                   2,
		record + record:                   2,
		daemon + record + access + daemon: 5,
		pretty(variantEvent) + "\n" + variantEvent + "\r\n" + daemon: 3,
	} {
		in := `{"CommandId":"x","StandardOutputContent":` + quoted(t, text) + `,"StandardErrorContent":""}`
		a, err := NewReader().Read(t.Context(), parsers.Stream{Reader: strings.NewReader(in)}, parsers.ReadOptions{}, []parsers.Sink{&factsSink{}})
		if err != nil || a.Events != int64(want) || a.Bytes.Gaps > 0 {
			t.Errorf("%q: %d events, %d bytes of gaps, %v; want %d", text, a.Events, a.Bytes.Gaps, err, want)
		}
	}
}

// TestManyObjectsOfOneLine: of a line that holds several records none is lost, as are
// those of a dump of a database, and of a text whose newlines became two letters.
func TestManyObjectsOfOneLine(t *testing.T) {
	e, escaped := variantEvent, strings.ReplaceAll(strings.ReplaceAll(variantEvent, `\`, `\\`), `"`, `\"`)
	message := `{"version":"1.1","host":"h","short_message":` + quoted(t, e) + `,"timestamp":1740823200.1}`
	for name, in := range map[string]string{
		"rows of a statement":           "INSERT INTO audit VALUES (1,'" + e + "'),(2,'{\"a\":1}'),(3,'" + e + "'),(4,'" + e + "');\n",
		"escaped rows":                  "INSERT INTO `audit` VALUES (1,'" + escaped + "'),(2,'" + escaped + "'),(3,'" + escaped + "');\n",
		"letters for newlines":          "x " + e + `\n` + e + `\n` + e + `\n` + "\n",
		"the last is cut":               "(1,'" + e + "'),(2,'" + e + "'),(3,'" + e[:len(e)-20] + "\n",
		"GELF over TCP":                 message + "\x00" + message + "\x00" + message,
		"columns of objects":            message + " | " + message + " | " + message + "\n",
		"objects behind an object":      message + "\n" + message + ";" + message + "\n",
		"logfmt":                        "ts=1 event=" + quoted(t, e) + "\nts=2 n=3 event=" + quoted(t, e) + " x=y\nts=3 event=" + quoted(t, e) + "\n",
		"labelled tab-separated values": "\"time\":\"1740823200.123\"\t\"log\":" + quoted(t, e) + "\n\"time\":\"1740823200.124\"\t\"log\":" + quoted(t, e) + "\n\"time\":\"1\"\t\"log\":" + quoted(t, e) + "\n",
	} {
		s := &factsSink{}
		if _, err := NewReader().Read(t.Context(), parsers.Stream{Reader: strings.NewReader(in)}, parsers.ReadOptions{}, []parsers.Sink{s}); err != nil {
			t.Fatal(err)
		}
		if len(s.events) != 3 || s.events[0] != "alice get secrets prod db allowed" || s.events[1] != s.events[0] {
			t.Errorf("%s: events %q", name, s.events)
		}
	}
}

// A targetSink keeps what the events of any format were done to.
type targetSink struct {
	factsSink
	targets []string
}

func (s *targetSink) Event(_ *parsers.Format, ev *parsers.Event) error {
	s.targets = append(s.targets, string(ev.Facts.Target))
	return nil
}

// TestColumnsOfText: the AWS command line prints columns, and what stands behind a
// record is none of it.
func TestColumnsOfText(t *testing.T) {
	const stamp = "msg=audit(1740823200.123:43): "
	in := "EVENTS\t1740823201000\ttype=SYSCALL " + stamp + "arch=c000003e syscall=42 success=yes exit=0 ppid=1 pid=2 auid=1000 uid=0 exe=\"/x\"\t1740823200000\n" +
		"EVENTS\t1740823201000\ttype=SOCKADDR " + stamp + "saddr=01002F72756E2F646F636B65722E736F636B00\t1740823200000\n"
	s := &targetSink{}
	a, err := NewReader().Read(t.Context(), parsers.Stream{Reader: strings.NewReader(in)}, parsers.ReadOptions{}, []parsers.Sink{s})
	if err != nil || a.Format != "auditd" || strings.Join(s.targets, " ") != "/run/docker.sock" {
		t.Errorf("%q %q %v", a.Format, s.targets, err)
	}
}

// TestMembersOfRecordsAreNoRecords: what an event says about another one is not
// taken for it, nor is a text that only has a word of one.
func TestMembersOfRecordsAreNoRecords(t *testing.T) {
	for name, in := range map[string]string{
		"a body":     `{"auditID":"x","requestObject":` + variantEvent + "}\n",
		"words only": `{"k":"the auditID of an event names its request"}` + "\n",
	} {
		s := &factsSink{}
		if _, err := NewReader().Read(t.Context(), parsers.Stream{Reader: strings.NewReader(in)}, parsers.ReadOptions{}, []parsers.Sink{s}); err != nil {
			t.Fatal(err)
		}
		if len(s.events) > 0 {
			t.Errorf("%s: events %q", name, s.events)
		}
	}
}
