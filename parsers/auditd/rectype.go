package auditd

import (
	"bytes"
	"strconv"
)

// A rectype is the number of a record type, as the kernel's linux/audit.h and
// libaudit.h have it. Zero: not known by number.
type rectype uint16

// The types that grouping and views look at.
const (
	typeLogin       rectype = 1006
	typeUserAuth    rectype = 1100
	typeUserLogin   rectype = 1112
	typeUserCmd     rectype = 1123
	typeUserTTY     rectype = 1124
	typeDaemonFirst rectype = 1200
	typeDaemonLast  rectype = 1299
	typeSyscall     rectype = 1300
	typePath        rectype = 1302
	typeConfig      rectype = 1305
	typeSockaddr    rectype = 1306
	typeCwd         rectype = 1307
	typeExecve      rectype = 1309
	typeTTY         rectype = 1319
	typeEOE         rectype = 1320
	typeSeccomp     rectype = 1326
	typeProctitle   rectype = 1327
	typeKernModule  rectype = 1330
	typeUringop     rectype = 1336
	typeOpenat2     rectype = 1337
	typeAVC         rectype = 1400
	typeVirtControl rectype = 2500
	typeUserAVC     rectype = 1107
)

// typeNames are the names that audit logs use, by number (audit-userspace
// lib/msg_typetab.h; linux/audit.h).
var typeNames = map[rectype]string{
	1005: "USER", 1006: "LOGIN",
	1100: "USER_AUTH", 1101: "USER_ACCT", 1102: "USER_MGMT", 1103: "CRED_ACQ", 1104: "CRED_DISP",
	1105: "USER_START", 1106: "USER_END", 1107: "USER_AVC", 1108: "USER_CHAUTHTOK", 1109: "USER_ERR",
	1110: "CRED_REFR", 1111: "USYS_CONFIG", 1112: "USER_LOGIN", 1113: "USER_LOGOUT", 1114: "ADD_USER",
	1115: "DEL_USER", 1116: "ADD_GROUP", 1117: "DEL_GROUP", 1118: "DAC_CHECK", 1119: "CHGRP_ID",
	1120: "TEST", 1121: "TRUSTED_APP", 1122: "USER_SELINUX_ERR", 1123: "USER_CMD", 1124: "USER_TTY",
	1125: "CHUSER_ID", 1126: "GRP_AUTH", 1127: "SYSTEM_BOOT", 1128: "SYSTEM_SHUTDOWN", 1129: "SYSTEM_RUNLEVEL",
	1130: "SERVICE_START", 1131: "SERVICE_STOP", 1132: "GRP_MGMT", 1133: "GRP_CHAUTHTOK", 1134: "MAC_CHECK",
	1135: "ACCT_LOCK", 1136: "ACCT_UNLOCK", 1137: "USER_DEVICE", 1138: "SOFTWARE_UPDATE",
	1200: "DAEMON_START", 1201: "DAEMON_END", 1202: "DAEMON_ABORT", 1203: "DAEMON_CONFIG",
	1204: "DAEMON_RECONFIG", 1205: "DAEMON_ROTATE", 1206: "DAEMON_RESUME", 1207: "DAEMON_ACCEPT",
	1208: "DAEMON_CLOSE", 1209: "DAEMON_ERR",
	1300: "SYSCALL", 1302: "PATH", 1303: "IPC", 1304: "SOCKETCALL", 1305: "CONFIG_CHANGE", 1306: "SOCKADDR",
	1307: "CWD", 1309: "EXECVE", 1311: "IPC_SET_PERM", 1312: "MQ_OPEN", 1313: "MQ_SENDRECV", 1314: "MQ_NOTIFY",
	1315: "MQ_GETSETATTR", 1316: "KERNEL_OTHER", 1317: "FD_PAIR", 1318: "OBJ_PID", 1319: "TTY", 1320: "EOE",
	1321: "BPRM_FCAPS", 1322: "CAPSET", 1323: "MMAP", 1324: "NETFILTER_PKT", 1325: "NETFILTER_CFG",
	1326: "SECCOMP", 1327: "PROCTITLE", 1328: "FEATURE_CHANGE", 1329: "REPLACE", 1330: "KERN_MODULE",
	1331: "FANOTIFY", 1332: "TIME_INJOFFSET", 1333: "TIME_ADJNTPVAL", 1334: "BPF", 1335: "EVENT_LISTENER",
	1336: "URINGOP", 1337: "OPENAT2", 1338: "DM_CTRL", 1339: "DM_EVENT",
	1400: "AVC", 1401: "SELINUX_ERR", 1402: "AVC_PATH", 1403: "MAC_POLICY_LOAD", 1404: "MAC_STATUS",
	1405: "MAC_CONFIG_CHANGE", 1406: "MAC_UNLBL_ALLOW", 1407: "MAC_CIPSOV4_ADD", 1408: "MAC_CIPSOV4_DEL",
	1409: "MAC_MAP_ADD", 1410: "MAC_MAP_DEL", 1411: "MAC_IPSEC_ADDSA", 1412: "MAC_IPSEC_DELSA",
	1413: "MAC_IPSEC_ADDSPD", 1414: "MAC_IPSEC_DELSPD", 1415: "MAC_IPSEC_EVENT", 1416: "MAC_UNLBL_STCADD",
	1417: "MAC_UNLBL_STCDEL", 1418: "MAC_CALIPSO_ADD", 1419: "MAC_CALIPSO_DEL", 1420: "MAC_TASK_CONTEXTS",
	1421: "MAC_OBJ_CONTEXTS",
	1500: "AA", 1501: "APPARMOR_AUDIT", 1502: "APPARMOR_ALLOWED", 1503: "APPARMOR_DENIED", 1504: "APPARMOR_HINT",
	1505: "APPARMOR_STATUS", 1506: "APPARMOR_ERROR", 1507: "APPARMOR_KILL",
	1700: "ANOM_PROMISCUOUS", 1701: "ANOM_ABEND", 1702: "ANOM_LINK", 1703: "ANOM_CREAT",
	1800: "INTEGRITY_DATA", 1801: "INTEGRITY_METADATA", 1802: "INTEGRITY_STATUS", 1803: "INTEGRITY_HASH",
	1804: "INTEGRITY_PCR", 1805: "INTEGRITY_RULE", 1806: "INTEGRITY_EVM_XATTR", 1807: "INTEGRITY_POLICY_RULE",
	2000: "KERNEL", 2100: "ANOM_LOGIN_FAILURES", 2101: "ANOM_LOGIN_TIME", 2102: "ANOM_LOGIN_SESSIONS",
	2103: "ANOM_LOGIN_ACCT", 2104: "ANOM_LOGIN_LOCATION", 2105: "ANOM_MAX_DAC", 2106: "ANOM_MAX_MAC",
	2107: "ANOM_AMTU_FAIL", 2108: "ANOM_RBAC_FAIL", 2109: "ANOM_RBAC_INTEGRITY_FAIL", 2110: "ANOM_CRYPTO_FAIL",
	2111: "ANOM_ACCESS_FS", 2112: "ANOM_EXEC", 2113: "ANOM_MK_EXEC", 2114: "ANOM_ADD_ACCT", 2115: "ANOM_DEL_ACCT",
	2116: "ANOM_MOD_ACCT", 2117: "ANOM_ROOT_TRANS", 2118: "ANOM_LOGIN_SERVICE",
	2300: "USER_ROLE_CHANGE", 2301: "ROLE_ASSIGN", 2302: "ROLE_REMOVE", 2303: "LABEL_OVERRIDE",
	2304: "LABEL_LEVEL_CHANGE", 2305: "USER_LABELED_EXPORT", 2306: "USER_UNLABELED_EXPORT", 2307: "DEV_ALLOC",
	2308: "DEV_DEALLOC", 2309: "FS_RELABEL", 2310: "USER_MAC_POLICY_LOAD", 2311: "ROLE_MODIFY",
	2312: "USER_MAC_CONFIG_CHANGE", 2313: "USER_MAC_STATUS",
	2400: "CRYPTO_TEST_USER", 2401: "CRYPTO_PARAM_CHANGE_USER", 2402: "CRYPTO_LOGIN", 2403: "CRYPTO_LOGOUT",
	2404: "CRYPTO_KEY_USER", 2405: "CRYPTO_FAILURE_USER", 2406: "CRYPTO_REPLAY_USER", 2407: "CRYPTO_SESSION",
	2408: "CRYPTO_IKE_SA", 2409: "CRYPTO_IPSEC_SA",
	2500: "VIRT_CONTROL", 2501: "VIRT_RESOURCE", 2502: "VIRT_MACHINE_ID", 2503: "VIRT_INTEGRITY_CHECK",
	2504: "VIRT_CREATE", 2505: "VIRT_DESTROY", 2506: "VIRT_MIGRATE_IN", 2507: "VIRT_MIGRATE_OUT",
}

// typeName is a known type: its number and its name as shared bytes, so that
// naming a record copies nothing. The bytes are never written to.
type typeName struct {
	number rectype
	name   []byte
}

// byTypeName finds a type by name, byTypeNumber by number. Both are filled
// once, from typeNames, and only read after that.
var byTypeName, byTypeNumber = indexTypes()

func indexTypes() (map[string]typeName, map[rectype]typeName) {
	names, numbers := make(map[string]typeName, len(typeNames)), make(map[rectype]typeName, len(typeNames))
	for n, s := range typeNames {
		t := typeName{n, []byte(s)}
		names[s], numbers[n] = t, t
	}
	return names, numbers
}

// lookupType reads a type as a record spells it: SYSCALL, 1300 or
// UNKNOWN[1300]. A type that has no name here keeps the spelling it came with:
// then the name returned is nil.
func lookupType(s []byte) (rectype, []byte) {
	if t, ok := byTypeName[string(s)]; ok {
		return t.number, t.name
	}
	if n, ok := typeNumber(s); ok {
		return n, byTypeNumber[n].name
	}
	if bare := bytes.Trim(s, `",;'`); len(bare) < len(s) { // something put these between fields, or around values
		return lookupType(bare)
	}
	return 0, nil
}

// A typeMemo remembers types by their spelling: a log has a few, again and
// again.
type typeMemo [256]struct {
	spelling string
	typeName
}

// lookup is lookupType.
func (m *typeMemo) lookup(s []byte) (rectype, []byte) {
	if len(s) == 0 || len(s) > 32 {
		return lookupType(s)
	}
	at := &m[(int(s[0])*5+int(s[len(s)-1])*3+int(s[len(s)/2])*7+len(s))%len(m)]
	if at.spelling == string(s) {
		return at.number, at.name
	}
	number, name := lookupType(s)
	if at.spelling == "" && name != nil { // the first to come stays
		at.spelling, at.typeName = string(s), typeName{number, name}
	}
	return number, name
}

// numbered are the spellings of types that their writer has no name for: auditd's,
// and those of journald, old and new (audit_type_name_alloca).
var numbered = [...][2]string{{"UNKNOWN[", "]"}, {"<audit-", ">"}, {"AUDIT", ""}}

// typeNumber reads 1300, and UNKNOWN[1300], <audit-1300> and AUDIT1300.
func typeNumber(s []byte) (rectype, bool) {
	for _, n := range numbered {
		if rest, ok := bytes.CutPrefix(s, []byte(n[0])); ok && bytes.HasSuffix(rest, []byte(n[1])) {
			s = rest[:len(rest)-len(n[1])]
			break
		}
	}
	if len(s) == 0 || len(s) > 5 || s[0] < '0' || s[0] > '9' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(s), 10, 16)
	return rectype(n), err == nil
}

// companion reports whether the kernel writes records of a type only behind the
// SYSCALL record of their event (audit_log_exit in kernel/auditsc.c). They do not
// say which process it was.
func (t rectype) companion() bool {
	switch t {
	case typeConfig, typeTTY:
		return false
	case typeProctitle, typeKernModule, typeOpenat2, 1332, 1333:
		return true
	}
	return typeSyscall < t && t <= 1323
}

// daemon reports whether auditd itself made the record: it numbers those on
// its own (audit-userspace src/auditd-event.c).
func (t rectype) daemon() bool { return t >= typeDaemonFirst && t <= typeDaemonLast }
