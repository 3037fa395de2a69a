// Straight from the system: pages come zeroed, and large blocks ask for huge pages.
#include "memory.h"

#include <sys/mman.h>

namespace cajal {
namespace {

constexpr size_t kHugePage = size_t{2} << 20;

size_t round_up(size_t bytes, size_t unit) { return (bytes + unit - 1) / unit * unit; }

}  // namespace

Memory::Memory(size_t bytes) : data_(nullptr), bytes_(bytes), mapped_bytes_(0) {
  // Whole huge pages can only back a block that begins at a multiple of their size: map more, and return the ends.
  const bool is_large = bytes >= kHugePage;
  const size_t wanted = round_up(bytes == 0 ? 1 : bytes, is_large ? kHugePage : 4096);
  const size_t reach = is_large ? wanted + kHugePage : wanted;
  if (wanted < bytes || reach < wanted) return;
  void* start = mmap(nullptr, reach, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED) return;
  auto* first = static_cast<uint8_t*>(start);
  data_ = first;
  mapped_bytes_ = wanted;
  if (!is_large) return;
  data_ = reinterpret_cast<uint8_t*>(round_up(reinterpret_cast<uintptr_t>(first), kHugePage));
  if (data_ != first) munmap(first, data_ - first);
  const size_t rest = first + reach - (data_ + wanted);
  if (rest != 0) munmap(data_ + wanted, rest);
#if defined(MADV_HUGEPAGE)
  madvise(data_, wanted, MADV_HUGEPAGE);
#endif
}

Memory::~Memory() {
  if (data_) munmap(data_, mapped_bytes_);
}

}  // namespace cajal
