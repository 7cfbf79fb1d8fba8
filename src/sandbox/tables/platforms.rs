//! Server platforms. The ids that the API notes confirm keep their names; the others are the sandbox's own.

/// A server platform.
#[derive(Debug, PartialEq, Eq)]
pub struct Platform {
    /// Id; -1 is "other".
    pub id: i64,
    pub name: &'static str,
    /// How it is written in the installation and CSR pages' addresses; empty for "other".
    pub slug: &'static str,
    /// For code signing rather than for servers.
    pub code_signing: bool,
    /// A token, which keeps its key.
    pub token: bool,
    /// The download format of `download/platform`.
    pub format: &'static str,
}

const fn server(id: i64, name: &'static str, slug: &'static str, format: &'static str) -> Platform {
    Platform {
        id,
        name,
        slug,
        code_signing: false,
        token: false,
        format,
    }
}

const fn signing(id: i64, name: &'static str, slug: &'static str, token: bool) -> Platform {
    Platform {
        id,
        name,
        slug,
        code_signing: true,
        token,
        format: "pem_all",
    }
}

/// Every platform.
pub static PLATFORMS: [Platform; 14] = [
    server(-1, "OTHER", "", "default"),
    server(2, "Apache", "apache", "apache"),
    server(9, "Java", "java", "p7b"),
    server(14, "Microsoft IIS 5 or 6", "iis", "p7b"),
    server(29, "Generic PEM", "pem", "pem_all"),
    server(31, "Tomcat", "tomcat", "p7b"),
    server(40, "Microsoft IIS 7", "iis-7", "p7b"),
    server(45, "nginx", "nginx", "pem_noroot"),
    server(67, "Microsoft IIS 8", "iis-8", "p7b"),
    server(68, "Microsoft Exchange Server 2013", "exchange-2013", "p7b"),
    signing(52, "SafeNet eToken 5110 CC", "etoken", true),
    signing(55, "Java code signing", "java-code", false),
    signing(58, "SafeNet eToken 5110 FIPS", "etoken-fips", true),
    server(71, "Microsoft IIS 10", "iis-10", "p7b"),
];

impl Platform {
    /// The platform with this id.
    pub fn by_id(id: i64) -> Option<&'static Self> {
        PLATFORMS.iter().find(|platform| platform.id == id)
    }

    /// The platform with this id, or "other".
    pub fn by_id_or_other(id: i64) -> &'static Self {
        Self::by_id(id).unwrap_or(&PLATFORMS[0])
    }

    /// The platform with this number or name, as a path segment of a download.
    pub fn by_path(segment: &str) -> Option<&'static Self> {
        match segment.parse() {
            Ok(id) => Self::by_id(id),
            Err(_) => PLATFORMS.iter().find(|p| {
                p.slug.eq_ignore_ascii_case(segment) || p.name.eq_ignore_ascii_case(segment)
            }),
        }
    }

    /// Where the installation is explained.
    pub fn install_url(&self) -> String {
        match self.slug {
            "" => "http://www.digicert.com/SSL-certificate-installation.htm".to_owned(),
            slug => format!("http://www.digicert.com/ssl-certificate-installation-{slug}.htm"),
        }
    }

    /// Where making a CSR is explained.
    pub fn csr_url(&self) -> String {
        match self.slug {
            "" => "http://www.digicert.com/csr-creation.htm".to_owned(),
            slug => format!("http://www.digicert.com/csr-creation-{slug}.htm"),
        }
    }
}
