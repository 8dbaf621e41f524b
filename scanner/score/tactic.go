package score

import "strings"

// tactics maps the ATT&CK techniques that the built-in rules name to their
// tactics (Enterprise matrix for Containers and Linux, v17). A technique with
// several tactics has the one that fits container estates best; only the
// number of distinct tactics matters here.
var tactics = map[string]string{
	"T1021": "lateral-movement", "T1033": "discovery", "T1036": "defense-evasion", "T1040": "credential-access",
	"T1046": "discovery", "T1048": "exfiltration", "T1049": "discovery", "T1053": "persistence",
	"T1057": "discovery", "T1059": "execution", "T1068": "privilege-escalation", "T1069": "discovery",
	"T1070": "defense-evasion", "T1071": "command-and-control", "T1078": "initial-access", "T1082": "discovery",
	"T1083": "discovery", "T1087": "discovery", "T1098": "persistence", "T1105": "command-and-control",
	"T1110": "credential-access", "T1133": "initial-access", "T1136": "persistence", "T1190": "initial-access",
	"T1195": "initial-access", "T1204": "execution", "T1484": "privilege-escalation", "T1485": "impact",
	"T1489": "impact", "T1490": "impact", "T1496": "impact", "T1498": "impact", "T1499": "impact",
	"T1505": "persistence", "T1525": "persistence", "T1526": "discovery", "T1528": "credential-access",
	"T1530": "collection", "T1539": "credential-access", "T1543": "persistence", "T1546": "persistence",
	"T1548": "privilege-escalation", "T1550": "lateral-movement", "T1552": "credential-access",
	"T1555": "credential-access", "T1556": "credential-access", "T1557": "credential-access", "T1562": "defense-evasion",
	"T1565": "impact", "T1567": "exfiltration", "T1570": "lateral-movement", "T1571": "command-and-control",
	"T1572": "command-and-control", "T1578": "defense-evasion", "T1580": "discovery", "T1587": "resource-development",
	"T1606": "credential-access", "T1609": "execution", "T1610": "execution", "T1611": "privilege-escalation",
	"T1612": "defense-evasion", "T1613": "discovery", "T1619": "discovery", "T1649": "credential-access",
}

// tactic is the tactic of a technique id such as "T1552.007"; "" if unknown.
func tactic(technique string) string {
	id, _, _ := strings.Cut(strings.ToUpper(technique), ".")
	return tactics[id]
}
