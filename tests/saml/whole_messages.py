"""Two messages that hold everything the schemas allow of a sign-in: one in the clear, one encrypted."""

from __future__ import annotations

NAMESPACES = {
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "dsig11": "http://www.w3.org/2009/xmldsig11#",
    "xenc": "http://www.w3.org/2001/04/xmlenc#",
    "xenc11": "http://www.w3.org/2009/xmlenc11#",
    "ec": "http://www.w3.org/2001/10/xml-exc-c14n#",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "x": "urn:x",
}
_NAMED = 'NameQualifier="n" SPNameQualifier="s" Format="f" SPProvidedID="p"'
_SIGNATURE = """
<ds:Signature Id="s{0}"><ds:SignedInfo Id="si{0}">
  <ds:CanonicalizationMethod Algorithm="c"><ec:InclusiveNamespaces PrefixList="xs"/></ds:CanonicalizationMethod>
  <ds:SignatureMethod Algorithm="m"/>
  <ds:Reference Id="r{0}" URI="#x" Type="t"><ds:Transforms><ds:Transform Algorithm="e"/>
    <ds:Transform Algorithm="x"><ec:InclusiveNamespaces PrefixList="xs xsi"/></ds:Transform></ds:Transforms>
    <ds:DigestMethod Algorithm="d"/><ds:DigestValue>d</ds:DigestValue></ds:Reference>
  </ds:SignedInfo><ds:SignatureValue Id="sv{0}">v</ds:SignatureValue>
  <ds:KeyInfo Id="k{0}"><ds:KeyName>n</ds:KeyName>
    <ds:KeyValue><ds:RSAKeyValue><ds:Modulus>m</ds:Modulus><ds:Exponent>e</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>
    <ds:KeyValue><dsig11:ECKeyValue><dsig11:NamedCurve URI="urn:oid:1"/><dsig11:PublicKey>p</dsig11:PublicKey>
    </dsig11:ECKeyValue></ds:KeyValue>
    <ds:X509Data><ds:X509Certificate>c</ds:X509Certificate><ds:X509SubjectName>s</ds:X509SubjectName>
      <ds:X509SKI>k</ds:X509SKI><ds:X509CRL>l</ds:X509CRL><dsig11:X509Digest>d</dsig11:X509Digest>
      <ds:X509IssuerSerial><ds:X509IssuerName>i</ds:X509IssuerName><ds:X509SerialNumber>1</ds:X509SerialNumber>
      </ds:X509IssuerSerial></ds:X509Data></ds:KeyInfo></ds:Signature>
"""
_START = (
    "<samlp:Response "
    + " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    + f""" ID="_r" Version="2.0" IssueInstant="i" Destination="d" InResponseTo="_q" Consent="c" xsi:schemaLocation="l">
<saml:Issuer {_NAMED}>i</saml:Issuer>{_SIGNATURE.format(1)}
<samlp:Status><samlp:StatusCode Value="v"><samlp:StatusCode Value="w"/></samlp:StatusCode>
  <samlp:StatusMessage>m</samlp:StatusMessage>
  <samlp:StatusDetail><x:any y="z">text <x:more/></x:any></samlp:StatusDetail></samlp:Status>
"""
)
FULL = f"""{_START}
<saml:Assertion ID="_a" Version="2.0" IssueInstant="i"><saml:Issuer {_NAMED}>i</saml:Issuer>{_SIGNATURE.format(2)}
  <saml:Subject><saml:NameID {_NAMED}>n</saml:NameID>
    <saml:SubjectConfirmation Method="m"><saml:NameID>n</saml:NameID>
      <saml:SubjectConfirmationData NotBefore="b" NotOnOrAfter="a" Recipient="r" InResponseTo="_q" Address="1" x:y="z"
        xsi:type="t"/></saml:SubjectConfirmation></saml:Subject>
  <saml:Conditions NotBefore="b" NotOnOrAfter="a">
    <saml:AudienceRestriction><saml:Audience>a</saml:Audience><saml:Audience>b</saml:Audience></saml:AudienceRestriction>
    <saml:OneTimeUse/><saml:ProxyRestriction Count="1"><saml:Audience>a</saml:Audience></saml:ProxyRestriction>
  </saml:Conditions>
  <saml:AuthnStatement AuthnInstant="i" SessionIndex="s" SessionNotOnOrAfter="a">
    <saml:SubjectLocality Address="1" DNSName="d"/>
    <saml:AuthnContext><saml:AuthnContextClassRef>c</saml:AuthnContextClassRef>
      <saml:AuthnContextDeclRef>d</saml:AuthnContextDeclRef>
      <saml:AuthenticatingAuthority>a</saml:AuthenticatingAuthority></saml:AuthnContext></saml:AuthnStatement>
  <saml:AttributeStatement>
    <saml:Attribute Name="n" NameFormat="f" FriendlyName="g" x:y="z">
      <saml:AttributeValue xsi:type="t" xml:lang="en">v</saml:AttributeValue><saml:AttributeValue/></saml:Attribute>
    <saml:Attribute Name="o"><saml:AttributeValue> <saml:NameID {_NAMED}>n</saml:NameID> </saml:AttributeValue>
    </saml:Attribute><saml:Attribute Name="p"/></saml:AttributeStatement>
</saml:Assertion></samlp:Response>"""
_KEY = """
<xenc:EncryptedKey Id="_k{0}" Type="t" MimeType="m" Encoding="e" Recipient="r"><xenc:EncryptionMethod Algorithm="a">
  <xenc:OAEPparams>p</xenc:OAEPparams><ds:DigestMethod Algorithm="d"/><xenc11:MGF Algorithm="m"/></xenc:EncryptionMethod>
  <ds:KeyInfo><x:SecurityTokenReference URI="x"><ds:X509Data/></x:SecurityTokenReference></ds:KeyInfo>
  <xenc:CipherData><xenc:CipherValue>v</xenc:CipherValue></xenc:CipherData>
  <xenc:ReferenceList><xenc:DataReference URI="#_d"/></xenc:ReferenceList><xenc:CarriedKeyName>c</xenc:CarriedKeyName>
</xenc:EncryptedKey>"""
ENCRYPTED = f"""{_START}
<saml:EncryptedAssertion><xenc:EncryptedData Id="_d" Type="t" MimeType="m" Encoding="e">
  <xenc:EncryptionMethod Algorithm="a"><xenc:KeySize>1</xenc:KeySize></xenc:EncryptionMethod>
  <ds:KeyInfo><ds:RetrievalMethod Type="t" URI="#_k2"/>{_KEY.format(1)}</ds:KeyInfo>
  <xenc:CipherData><xenc:CipherValue>v</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>{_KEY.format(2)}
</saml:EncryptedAssertion></samlp:Response>"""
