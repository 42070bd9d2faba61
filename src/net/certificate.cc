#include "net/certificate.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>

#include "base/text.h"

namespace carillon::net {
namespace {

template <auto F>
struct Free {
  template <typename T>
  void operator()(T* p) const {
    F(p);
  }
};
using X509Ptr = std::unique_ptr<X509, Free<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using BioPtr = std::unique_ptr<BIO, Free<BIO_free>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>>;

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<size_t>(size)};
}

bool add_extension(X509* certificate, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

std::string alternative_names(const CertificateRequest& request) {
  std::string out;
  for (const auto& name : request.names) out += (out.empty() ? "DNS:" : ",DNS:") + name;
  for (const auto& address : request.addresses) out += (out.empty() ? "IP:" : ",IP:") + address.ip_text();
  return out;
}

bool set_serial(X509* certificate) {
  unsigned char bytes[16];
  if (RAND_bytes(bytes, sizeof bytes) != 1) return false;
  bytes[0] &= 0x7f;
  BIGNUM* number = BN_bin2bn(bytes, sizeof bytes, nullptr);
  const bool ok = number != nullptr && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr;
  BN_free(number);
  return ok;
}

bool fill(X509* certificate, EVP_PKEY* key, const CertificateRequest& request) {
  const time_t from = static_cast<time_t>(request.now.us / 1'000'000 - 3600);  // peers' clocks may be behind
  const time_t to = from + static_cast<time_t>(request.days) * 86400;
  X509_NAME* name = X509_get_subject_name(certificate);
  const std::string common = request.common_name.substr(0, 64);
  const std::string names = alternative_names(request);
  return X509_set_version(certificate, 2) == 1 && set_serial(certificate) &&
         ASN1_TIME_set(X509_getm_notBefore(certificate), from) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(certificate), to) != nullptr &&
         X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(common.data()),
                                    static_cast<int>(common.size()), -1, 0) == 1 &&
         X509_set_issuer_name(certificate, name) == 1 && X509_set_pubkey(certificate, key) == 1 &&
         add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE") &&
         add_extension(certificate, NID_key_usage, "critical,digitalSignature") &&
         add_extension(certificate, NID_ext_key_usage, "serverAuth,clientAuth") &&
         (names.empty() || add_extension(certificate, NID_subject_alt_name, names)) &&
         X509_sign(certificate, key, EVP_sha256()) > 0;
}

Fault broken(const char* what) {
  char text[256] = "";
  ERR_error_string_n(ERR_get_error(), text, sizeof text);
  ERR_clear_error();
  return {FaultKind::internal, std::string(what) + ": " + text, ""};
}

}  // namespace

Result<CertificatePair> make_certificate(const CertificateRequest& request) {
  const KeyPtr key(EVP_EC_gen("P-256"));
  const X509Ptr certificate(X509_new());
  if (!key || !certificate || !fill(certificate.get(), key.get(), request)) return broken("cannot make a certificate");
  const BioPtr pem(BIO_new(BIO_s_mem())), secret(BIO_new(BIO_s_mem()));
  if (!pem || !secret || PEM_write_bio_X509(pem.get(), certificate.get()) != 1 ||
      PEM_write_bio_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return broken("cannot print a certificate");
  }
  return CertificatePair{text_of(pem.get()), text_of(secret.get())};
}

Result<CertificateInfo> read_certificate(const std::string& pem) {
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const X509Ptr certificate(bio ? PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr);
  if (!certificate) return broken("not a certificate in PEM form");
  CertificateInfo info;
  tm end{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &end) != 1) return broken("certificate without an end");
  info.ends = {static_cast<int64_t>(timegm(&end)) * 1'000'000};
  const BioPtr subject(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(subject.get(), X509_get_subject_name(certificate.get()), 0, XN_FLAG_RFC2253);
  info.subject = text_of(subject.get());
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (X509_digest(certificate.get(), EVP_sha256(), digest, &size) != 1) return broken("cannot hash a certificate");
  info.fingerprint = hex({reinterpret_cast<const char*>(digest), size});
  return info;
}

}  // namespace carillon::net
