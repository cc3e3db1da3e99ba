// tools/instantiated.cpp -- for clang-tidy, which looks into templates only where they are instantiated: the plan, the
// functions and the views with a few element types, and every adapter whose library is here
#include <complex>
#include <cstdint>
#include <span>
#include <vector>

#include <faltung/adapt/mdspan.hpp>
#include <faltung/faltung.hpp>
#include <faltung/nufft.hpp>
#if __has_include(<Eigen/Core>)
#include <faltung/adapt/eigen.hpp>
#include <faltung/deconvolve.hpp>

template class faltung::deconvolver<float>;
template class faltung::deconvolver<std::complex<double>>;
template class faltung::bordered_deconvolver<double>;
#endif
#if __has_include(<unsupported/Eigen/CXX11/Tensor>)
#include <faltung/adapt/eigen_tensor.hpp>
#endif
#if __has_include(<fftw3.h>)
#include <faltung/fftw.hpp>
#endif
#if __has_include(<opencv2/core.hpp>)
#include <opencv2/core.hpp>

#include <faltung/adapt/opencv.hpp>
#endif
#if __has_include(<dlpack/dlpack.h>)
#include <dlpack/dlpack.h>

#include <faltung/adapt/dlpack.hpp>
#endif

using namespace faltung;

template class faltung::tensor<float, 2>;
template class faltung::tensor_view<float, 2>;
template class faltung::convolver<float>;
template class faltung::convolver<std::int32_t>;
template class faltung::convolver<std::complex<float>>;
template class faltung::convolver<std::uint8_t, float>;
template class faltung::stream_convolver<float>;
template class faltung::nufft<double>;
template class faltung::point_transform<float>;
template class faltung::point_convolver<std::complex<double>>;

namespace instantiated {

template <class T>
void use_functions() {
    const tensor<T, 2> x({8, 9}), h({3, 3});
    auto y = convolve(x, h, {.padding = mode::same, .boundary = boundary::reflect});
    convolve_into(y, x, h, {.padding = mode::same});
    y = correlate(x, h, scipy::ndimage);
    correlate_into(y, x, h, opencv);

    const convolver<T> plan(x.shape(), h, {.padding = mode::same});
    workspace scratch = plan.workspace();
    tensor<accumulator_t<T, T>, 2> out(plan.output_shape()), back(plan.input_shape());
    plan(x, out, scratch);
    plan.adjoint(out, back, scratch);
    out = plan.with_kernel(h)(x);
}

void use_narrow_results() {
    const tensor<std::uint8_t, 2> x({8, 9});
    const tensor<float, 2> h({3, 3});
    auto y = convolve<std::uint8_t>(x, h, {.padding = mode::same, .overflow = overflow::saturate});
    y = correlate<std::uint8_t, double>(x, h, {.padding = mode::same, .overflow = overflow::wrap});
}

void use_views() {
    tensor<float, 3> x({4, 5, 6});
    const auto part = slice(x, range{0, 4, 2}, all, 1);
    copy_into(part, copy(transpose(permute(part, {1, 0}))));
    static_cast<void>(overlap(part, flip(x, {0})));
    static_cast<void>(sliding_window(part, {1, 2}));
    static_cast<void>(broadcast_to<3>(merge(split(squeeze(expand(part, 0), 0), 0, {1, 2}), 0), {2, 2, 5}));
    static_cast<void>(take(part, 1, {0, 2}));
    static_cast<void>(roll(part, {1, 2}));
    static_cast<void>(reshape<1>(x, {120}));
    const std::vector<float> line(6);
    static_cast<void>(as_view(line));
}

#if __has_include(<Eigen/Core>)
void use_eigen() {
    const Eigen::MatrixXf x = Eigen::MatrixXf::Zero(4, 5);
    Eigen::ArrayXXd y = Eigen::ArrayXXd::Zero(4, 5);
    static_cast<void>(convolve(x.block(0, 0, 3, 3), x));
    static_cast<void>(as_view(y));
}
#endif

template <class X, class W>
void use_layers() {
    const tensor<X, 4> x({1, 2, 5, 6});
    const tensor<W, 4> w({2, 1, 3, 3});
    using Sum = nn::sum_t<X, W>;
    const std::vector<Sum> bias(2);
    const nn::nn_options o{.groups = 2, .bias = bias, .epilogue = nn::add{}};
    const nn::convolver<X, W> plan{x.shape(), w, o};
    auto scratch = plan.workspace();
    auto y = nn::conv(x, w, {.groups = 2}, [](std::span<Sum>, index_list const&) {});
    plan(x, tensor<Sum, 4>(y.shape()), y, scratch);
    static_cast<void>(nn::explain(x, w, {.groups = 2}));
    nn::conv_into(y, x, w, {.groups = 2});
    static_cast<void>(nn::conv_transpose(x, w, {.groups = 2}));
    static_cast<void>(nn::gradient_bias(y));
    static_cast<void>(nn::fold<2>(nn::unfold(x, 3).matrix(), {5, 6}, 3));
    static_cast<void>(nn::unfold(x, 3).view());
}

template <class T>
void use_layer_gradients() {
    const tensor<T, 4> x({1, 2, 5, 6}), w({2, 2, 3, 3}), dy({1, 2, 3, 4});
    static_cast<void>(nn::gradient_input(dy, w, x.shape()));
    static_cast<void>(nn::gradient_kernel(x, dy, w.shape()));
}

#if __has_include(<unsupported/Eigen/CXX11/Tensor>)
void use_eigen_tensor() {
    Eigen::Tensor<float, 3, Eigen::RowMajor> x(2, 3, 4);
    static_cast<void>(convolve(x, x));
}
#endif

#if __has_include(<fftw3.h>)
void use_fftw() {
    fftw::load_wisdom("wisdom");
    const auto plan = fftw::engine(fftw::measure).table(element::float32)->make({.n = {8, 9}});
    static_cast<void>(fftw::engine<double>());
    fftw::save_wisdom("wisdom");
}
#endif

#if __has_include(<opencv2/core.hpp>)
void use_opencv() {
    cv::Mat x(4, 5, CV_8UC3);
    static_cast<void>(cv_mat<std::uint8_t, 3>(x));
    static_cast<void>(cv_channel<std::uint8_t>(x, 1));
}
#endif

#if __has_include(<dlpack/dlpack.h>)
void use_dlpack(DLTensor const& x) { static_cast<void>(dl_tensor<float, 2>(x)); }
#endif

}  // namespace instantiated

int main() {
    using namespace instantiated;
    use_functions<float>();
    use_functions<std::int64_t>();
    use_functions<std::complex<float>>();
    use_narrow_results();
    use_views();
    use_layers<float, float>();
    use_layers<std::uint8_t, std::int8_t>();
    use_layer_gradients<double>();
    use_layer_gradients<std::complex<float>>();
}
