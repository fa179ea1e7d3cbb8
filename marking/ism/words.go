package ism

// A word is a token and how lines write it.
type word struct{ token, banner, portion string }

// levels are the classifications (CVEnumISMClassificationAll), the lowest first.
var levels = []word{
	{"U", "UNCLASSIFIED", "U"},
	{"R", "RESTRICTED", "R"},
	{"C", "CONFIDENTIAL", "C"},
	{"S", "SECRET", "S"},
	{"TS", "TOP SECRET", "TS"},
}

// natoLevels are how NATO writes its own (CAPCO 2016 §H.2, App. B).
var natoLevels = map[string]word{
	"U":  {"U", "NATO UNCLASSIFIED", "NU"},
	"R":  {"R", "NATO RESTRICTED", "NR"},
	"C":  {"C", "NATO CONFIDENTIAL", "NC"},
	"S":  {"S", "NATO SECRET", "NS"},
	"TS": {"TS", "COSMIC TOP SECRET", "CTS"},
}

// natoActivities are the activities that have a shorter name in portions.
var natoActivities = map[string]string{"Partnership_For_Peace": "PfP"}

// dissem are the dissemination controls in the order of lines
// (CVEnumISMDissem).
var dissem = []word{
	{"RS", "RSEN", "RS"},
	{"FOUO", "FOUO", "FOUO"},
	{"OC", "ORCON", "OC"},
	{"OC-USGOV", "ORCON-USGOV", "OC-USGOV"},
	{"IMC", "IMCON", "IMC"},
	{"NF", "NOFORN", "NF"},
	{"PR", "PROPIN", "PR"},
	{"REL", "REL TO", "REL TO"},
	{"RELIDO", "RELIDO", "RELIDO"},
	{"EYES", "EYES ONLY", "EYES ONLY"},
	{"DSEN", "DEA SENSITIVE", "DSEN"},
	{"RAWFISA", "RAWFISA", "RAWFISA"},
	{"FISA", "FISA", "FISA"},
	{"DISPLAYONLY", "DISPLAY ONLY", "DISPLAY ONLY"},
	{"EXEMPT_FROM_ICD501_DISCOVERY", "", ""}, // said to machines, in no line
	{"WAIVED", "WAIVED", "WAIVED"},
	{"AC", "Attorney-Client", "AC"},
	{"AWP", "Attorney-WP", "AWP"},
	{"DL_ONLY", "DL_ONLY", "DL_ONLY"},
	{"FED_ONLY", "FED_ONLY", "FED_ONLY"},
	{"FEDCON", "FEDCON", "FEDCON"},
	{"NOCON", "NOCON", "NOCON"},
}

// dissemCUI are the controls that CUI may carry where it stands alone, in the
// order of such lines (CVEnumISMDissemCui).
var dissemCUI = []string{
	"AC", "AWP", "DISPLAYONLY", "DL_ONLY", "EXEMPT_FROM_ICD501_DISCOVERY",
	"FED_ONLY", "FEDCON", "NF", "NOCON", "REL", "RELIDO",
}

// nonIC are the non-IC markings in the order of lines (CVEnumISMNonIC); ACCM
// nicknames stand after the first.
var nonIC = []word{
	{"DS", "LIMDIS", "DS"},
	{"XD", "EXDIS", "XD"},
	{"ND", "NODIS", "ND"},
	{"SBU", "SBU", "SBU"},
	{"SBU-NF", "SBU NOFORN", "SBU-NF"},
	{"LES", "LES", "LES"},
	{"LES-NF", "LES NOFORN", "LES-NF"},
	{"SSI", "SSI", "SSI"},
	{"NNPI", "NNPI", "NNPI"},
}

// accm leads the nickname of an alternative compensatory control measure.
const accm = "ACCM-"

// aea are the atomic energy markings in the order of lines
// (CVEnumISMAtomicEnergyMarkings); those of a parent stand with it.
var aea = []word{
	{"RD", "RD", "RD"},
	{"FRD", "FRD", "FRD"},
	{"DCNI", "DOD UCNI", "DCNI"},
	{"UCNI", "DOE UCNI", "UCNI"},
	{"TFNI", "TFNI", "TFNI"},
}

// A control is one of NATO's. A US mark has it among the atomic energy
// markings, or else at the end of the compartments (CAPCO 2016 App. B).
type control struct {
	name   string
	atomic bool
}

// nonUS are NATO's controls: CVEnumISMNonUSControls has them with "NATO-",
// documents without it, too.
var nonUS = []control{{"ATOMAL", true}, {"BALK", false}, {"BOHEMIA", false}}

// secondLine are the words of the second banner line (CVEnumISMSecondBannerLine).
var secondLine = map[string]string{
	"ACPI":  "ATTORNEY-CLIENT PRIVILEGED INFO",
	"AWP":   "ATTORNEY WORK PRODUCT",
	"CUSPI": "CONTENTS INCLUDE US PERSON INFORMATION",
	"DPPD":  "DELIBERATIVE PROCESS PRIVILEGED DOCUMENT",
	"HVCO":  "HANDLE VIA CHANNELS ONLY",
	"SSS":   "SOURCE SELECTION SENSITIVE",
}

// find returns the word of a token, or nil.
func find(words []word, token string) *word {
	for i := range words {
		if words[i].token == token {
			return &words[i]
		}
	}
	return nil
}
